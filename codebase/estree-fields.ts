// Which fields of JavaScript's nodes hold nodes (ESTree, in the order of the parser's
// fields): what lies below a node is then read without looking at all that it has.

const TABLE = `
ArrayExpression elements
ArrayPattern elements
ArrowFunctionExpression params body
AssignmentExpression left right
AssignmentPattern left right
AwaitExpression argument
BinaryExpression left right
BlockStatement body
BreakStatement label
CallExpression callee arguments
CatchClause param body
ChainExpression expression
ClassBody body
ClassDeclaration decorators id superClass body
ClassExpression decorators id superClass body
ConditionalExpression test consequent alternate
ContinueStatement label
DebuggerStatement
DoWhileStatement body test
EmptyStatement
ExportAllDeclaration exported source attributes
ExportDefaultDeclaration declaration
ExportNamedDeclaration declaration specifiers source attributes
ExportSpecifier local exported
ExpressionStatement expression
ForInStatement left right body
ForOfStatement left right body
ForStatement init test update body
FunctionDeclaration id params body
FunctionExpression id params body
Identifier
IfStatement test consequent alternate
ImportAttribute key value
ImportDeclaration specifiers source attributes
ImportDefaultSpecifier local
ImportExpression source options
ImportNamespaceSpecifier local
ImportSpecifier imported local
LabeledStatement label body
Literal
LogicalExpression left right
MemberExpression object property
MetaProperty meta property
MethodDefinition decorators key value
NewExpression callee arguments
ObjectExpression properties
ObjectPattern properties
PrivateIdentifier
Program body
Property key value
PropertyDefinition decorators key value
RestElement argument
ReturnStatement argument
SequenceExpression expressions
SpreadElement argument
StaticBlock body
Super
SwitchCase test consequent
SwitchStatement discriminant cases
TaggedTemplateExpression tag quasi
TemplateElement
TemplateLiteral quasis expressions
ThisExpression
ThrowStatement argument
TryStatement block handler finalizer
UnaryExpression argument
UpdateExpression argument
VariableDeclaration declarations
VariableDeclarator id init
WhileStatement test body
YieldExpression argument
`

/** By the type of a node, the names of the fields that hold nodes or lists of them. */
export const CHILD_FIELDS: ReadonlyMap<string, readonly string[]> = new Map(
  TABLE.trim()
    .split('\n')
    .map((line) => {
      const [type = '', ...fields] = line.split(' ')
      return [type, fields]
    }),
)
