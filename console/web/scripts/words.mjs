// Fails for what the page would say in one language alone: a text that stands in the source and not in src/words. It
// reads every component: text between tags, what is read out or shown of an attribute, and literals that are drawn.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** What stays as it is in every language: the name, sources that are credited, units, and what is typed. */
const stays = new Set(["Parley", "Natural Earth · GeoNames, CC BY 4.0", "km", "NM", "km =", "NM,", "ft", "blue SHA256:…"]);

/** Attributes that people see or hear, and props of our own parts that are said. */
const seen = new Set(["aria-label", "aria-description", "aria-placeholder", "aria-roledescription", "aria-valuetext", "title", "placeholder", "alt", "label", "button", "summary", "data-label"]);

const lettered = (text) => /\p{L}{2}/u.test(text) && !/^parley [a-z]/.test(text) && !stays.has(text.replace(/\s+/g, " ").trim());

/** drawn says whether a literal is what is shown: not a key, a code that is compared, a class or an argument. */
function drawn(node) {
  for (let n = node, up = n.parent; up; n = up, up = n.parent) {
    if (ts.isJsxExpression(up)) return ts.isJsxAttribute(up.parent) ? seen.has(up.parent.name.getText()) : true;
    if (ts.isConditionalExpression(up) && up.condition !== n) continue;
    if (ts.isBinaryExpression(up) && n === up.right && ["&&", "||", "??", "+"].includes(up.operatorToken.getText())) continue;
    if (ts.isBinaryExpression(up) && n === up.left && ["||", "??", "+"].includes(up.operatorToken.getText())) continue;
    if (ts.isParenthesizedExpression(up) || ts.isTemplateExpression(up) || ts.isTemplateSpan(up)) continue;
    return false;
  }
  return false;
}

/** found returns the texts of a file that are not from src/words, each with its line. */
export function found(name, text) {
  const out = [];
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, name.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const add = (node, words) => lettered(words) && out.push(`${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${JSON.stringify(words.trim())}`);
  const visit = (node) => {
    if (ts.isJsxText(node)) add(node, node.text);
    if (ts.isJsxAttribute(node) && node.initializer && ts.isStringLiteral(node.initializer) && seen.has(node.name.getText())) add(node, node.initializer.text);
    if ((ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) && drawn(node)) add(node, node.text);
    if (ts.isTemplateExpression(node) && drawn(node)) [node.head, ...node.templateSpans.map((s) => s.literal)].forEach((part) => add(node, part.text));
    if (ts.isNewExpression(node) && /^(Error|Refused)$/.test(node.expression.getText())) node.arguments?.forEach((a) => ts.isStringLiteral(a) && add(a, a.text));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return out;
}

// A check that finds nothing in what is wrong is none.
const wrong = found("x.tsx", 'const x = <p title="Some words" class="quiet">More {y ? "or less" : t("a.key")} {`${n} of them`}</p>; throw new Error("too bad");');
if (wrong.length !== 5) {
  console.error("scripts/words.mjs finds of five texts that are in English alone", wrong);
  process.exit(1);
}
const folder = join(import.meta.dirname, "../src");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((f) => /\.tsx?$/.test(f) && !/^words.|\.gen\.ts$/.test(f));
const left = files.flatMap((f) => found(f, readFileSync(join(folder, f), "utf8")));
if (left.length > 0) {
  console.error("These texts are in one language alone; put them into src/words:\n" + left.join("\n"));
  process.exit(1);
}
