/** The table of `watch --live`. Loaded with ink, for this command alone. */
import type { WatchResponse } from "@kvorum/proto";
import { Box, Text, useApp, useInput, useStdout } from "ink";
import type { ReactNode } from "react";
import { useLiveRows } from "../hooks/use-live-rows.ts";
import { ageText, FRESH_MS, type LiveRow, type LiveRows } from "./live-rows.ts";

/** Title, column heads, the line about what does not fit, and the cursor's line. */
const LINES_AROUND = 4;
const VERSION_WIDTH = 9;
const REVISION_WIDTH = 10;
const AGE_WIDTH = 8;
const KEY_SHARE = 0.45;
const KEY_WIDTH_MIN = 10;

export interface LiveTableProps {
  readonly title: string;
  readonly rows: LiveRows;
  readonly responses: AsyncIterable<WatchResponse>;
  readonly onEnd: (error: unknown) => void;
  /** Whether keys can be read, to quit with. */
  readonly hasKeyboard: boolean;
}

function keyWidth(columns: number): number {
  const left = columns - VERSION_WIDTH - REVISION_WIDTH - AGE_WIDTH;
  return Math.max(KEY_WIDTH_MIN, Math.floor(left * KEY_SHARE));
}

interface CellProps {
  readonly width?: number;
  readonly children: string;
  readonly color?: string;
  readonly isStrong?: boolean;
  readonly isRight?: boolean;
}

function Cell({ width, children, color, isStrong = false, isRight = false }: CellProps): ReactNode {
  const size = width === undefined ? { flexGrow: 1, flexBasis: 0 } : { width };
  return (
    <Box
      {...size}
      flexShrink={width === undefined ? 1 : 0}
      marginRight={1}
      justifyContent={isRight ? "flex-end" : "flex-start"}
    >
      <Text wrap="truncate-end" bold={isStrong} {...(color === undefined ? {} : { color })}>
        {children}
      </Text>
    </Box>
  );
}

interface LineProps {
  readonly cells: readonly [string, string, string, string, string];
  readonly columns: number;
  readonly color?: string;
  readonly isStrong?: boolean;
}

function Line({ cells, columns, color, isStrong = false }: LineProps): ReactNode {
  const look = { isStrong, ...(color === undefined ? {} : { color }) };
  const [key, value, version, revision, age] = cells;
  return (
    <Box width={columns}>
      <Cell width={keyWidth(columns)} {...look}>
        {key}
      </Cell>
      <Cell {...look}>{value}</Cell>
      <Cell width={VERSION_WIDTH - 1} isRight {...look}>
        {version}
      </Cell>
      <Cell width={REVISION_WIDTH - 1} isRight {...look}>
        {revision}
      </Cell>
      <Cell width={AGE_WIDTH - 1} isRight {...look}>
        {age}
      </Cell>
    </Box>
  );
}

function colorOf(row: LiveRow, now: number): string | undefined {
  if (row.isDeleted) return "red";
  const isFresh = row.changedAt !== undefined && now - row.changedAt < FRESH_MS;
  return isFresh ? "green" : undefined;
}

function RowLine({ row, now, columns }: { row: LiveRow; now: number; columns: number }): ReactNode {
  const color = colorOf(row, now);
  const version = row.isDeleted ? "deleted" : String(row.version);
  const age = ageText(row.changedAt, now);
  const cells = [row.key, row.value, version, String(row.modRevision), age] as const;
  return <Line cells={cells} columns={columns} {...(color === undefined ? {} : { color })} />;
}

function Keyboard(): ReactNode {
  const { exit } = useApp();
  useInput((input) => {
    if (input === "q" || input === "Q") exit();
  });
  return null;
}

export function LiveTable(props: LiveTableProps): ReactNode {
  const { stdout } = useStdout();
  const { rows, now } = useLiveRows(props.rows, props.responses, props.onEnd);
  const columns = stdout.columns;
  const fit = Math.max(1, stdout.rows - LINES_AROUND);
  const all = rows.visible(now);
  const hidden = all.length - fit;
  return (
    <Box flexDirection="column" width={columns}>
      {props.hasKeyboard ? <Keyboard /> : null}
      <Text wrap="truncate-end">
        <Text bold>{props.title}</Text>
        <Text dimColor>{`  ${rows.keyCount} keys, revision ${rows.revision}, q quits`}</Text>
      </Text>
      <Line cells={["KEY", "VALUE", "VERSION", "REVISION", "CHANGED"]} columns={columns} isStrong />
      {all.slice(0, fit).map((row) => (
        <RowLine key={row.key} row={row} now={now} columns={columns} />
      ))}
      {hidden > 0 ? <Text dimColor>{`… and ${hidden} more, changed before these`}</Text> : null}
    </Box>
  );
}
