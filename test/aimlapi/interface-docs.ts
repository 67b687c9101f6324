import ts from 'typescript';

/** What the interface of a model's input says, as an editor shows it. */
export interface InterfaceDocs {
  /** The line above the interface. */
  model: string;
  /** The names that the property `model` takes. */
  names: string[];
  fields: Record<string, { text: string; default?: string }>;
}

/** The documented interfaces of the inputs of all models, as the compiler reads them. */
export function readInterfaceDocs(): InterfaceDocs[] {
  const file = 'src/aimlapi/models/inputs.ts';
  const program = ts.createProgram([file], { strict: true, module: ts.ModuleKind.NodeNext });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  if (!source) throw new Error(`there is no ${file}`);
  const unions = source.statements.filter(
    (node): node is ts.TypeAliasDeclaration =>
      ts.isTypeAliasDeclaration(node) && /^(Image|Video)Input$/.test(node.name.text),
  );
  const textOf = (parts: ts.SymbolDisplayPart[]) =>
    ts.displayPartsToString(parts).replace(/\s+/g, ' ').trim();
  return unions.flatMap((node) => {
    const union = checker.getTypeAtLocation(node);
    return (union.isUnion() ? union.types : [union]).map((type) => {
      const fields: InterfaceDocs['fields'] = {};
      let names: string[] = [];
      for (const property of type.getProperties()) {
        const tag = property.getJsDocTags(checker).find(({ name }) => name === 'defaultValue');
        const value = textOf(tag?.text ?? []).replace(/^`|`$/g, '');
        const text = textOf(property.getDocumentationComment(checker));
        fields[property.name] = value === '' ? { text } : { text, default: value };
        if (property.name !== 'model') continue;
        const model = checker.getTypeOfSymbol(property);
        names = (model.isUnion() ? model.types : [model]).flatMap((each) =>
          each.isStringLiteral() ? each.value : [],
        );
      }
      return { model: textOf(type.symbol.getDocumentationComment(checker)), names, fields };
    });
  });
}
