/** Finds the verbs of `j` in a journey: calls on the parameter of a journey's body, or on anything named `j`. */

/** Members of `j` that are no verbs: they neither wait nor call. */
const instant = new Set(['now', 'exit']);

const isBodyOfJourney = (fn) =>
  fn.parent?.type === 'CallExpression' && fn.parent.callee.name === 'journey' && fn.parent.arguments.includes(fn);

function namesJourney(identifier, sourceCode) {
  if (identifier.name === 'j') return true;
  for (let scope = sourceCode.getScope(identifier); scope; scope = scope.upper) {
    const variable = scope.set.get(identifier.name);
    if (!variable) continue;
    return variable.defs.some(
      (def) => def.type === 'Parameter' && def.node.params[0] === def.name && isBodyOfJourney(def.node),
    );
  }
  return false;
}

/** The name of the member of `j` that a call calls, or undefined when it is another call. */
export function memberOfJ(call, sourceCode) {
  const { callee } = call;
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return undefined;
  if (!namesJourney(callee.object, sourceCode)) return undefined;
  return callee.computed ? callee.property.value : callee.property.name;
}

/** The name of the verb that a call calls, or undefined. */
export function verbOf(call, sourceCode) {
  const member = memberOfJ(call, sourceCode);
  return member !== undefined && !instant.has(member) ? member : undefined;
}

export const isFunction = (node) => /Function/.test(node.type);
