/** Draws a table as Go's tablewriter does: titles centred in capitals, cells to the right. */
import type { Rows } from "./rows.ts";

/** Characters that take two cells of a terminal. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NARROW = /[\p{Mark}\u200b-\u200f]/u;

function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (NARROW.test(character)) continue;
    width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

function centred(text: string, width: number): string {
  const space = width - displayWidth(text);
  const before = Math.floor(space / 2);
  return " ".repeat(before) + text + " ".repeat(space - before);
}

function right(text: string, width: number): string {
  return " ".repeat(width - displayWidth(text)) + text;
}

function border(widths: readonly number[], [left, middle, end]: readonly [string, string, string]) {
  return `${left}${widths.map((width) => "─".repeat(width + 2)).join(middle)}${end}\n`;
}

function rowLine(cells: readonly string[]): string {
  return `│${cells.map((cell) => ` ${cell} `).join("│")}│\n`;
}

export function renderTable({ header, rows }: Rows): string {
  const titles = header.map((title) => title.replaceAll("_", " ").toUpperCase());
  const cells = rows.map((row) => row.map((cell) => cell.trim()));
  const widths = titles.map((title, column) =>
    Math.max(displayWidth(title), ...cells.map((row) => displayWidth(row[column] ?? ""))),
  );
  const lines = [
    border(widths, ["┌", "┬", "┐"]),
    rowLine(titles.map((title, column) => centred(title, widths[column] ?? 0))),
  ];
  if (cells.length > 0) lines.push(border(widths, ["├", "┼", "┤"]));
  for (const row of cells) {
    lines.push(rowLine(row.map((cell, column) => right(cell, widths[column] ?? 0))));
  }
  lines.push(border(widths, ["└", "┴", "┘"]));
  return lines.join("");
}
