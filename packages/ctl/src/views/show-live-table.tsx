import { render } from "ink";
import { LiveTable, type LiveTableProps } from "./live-table.tsx";

const COLUMNS_DEFAULT = 80;
const LINES_DEFAULT = 24;

/** A terminal that was made by a program often does not know its size; ink would draw nothing. */
function assumeSize(): void {
  if (process.stdout.columns === 0) process.stdout.columns = COLUMNS_DEFAULT;
  if (process.stdout.rows === 0) process.stdout.rows = LINES_DEFAULT;
}

/** Shows the table until the user quits or the responses end; then rejects with their error. */
export async function showLiveTable(props: Omit<LiveTableProps, "onEnd">): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const onEnd = (error: unknown): void => {
    if (error !== undefined) failure ??= { error };
    app.unmount();
  };
  assumeSize();
  const app = render(<LiveTable {...props} onEnd={onEnd} />);
  await app.waitUntilExit();
  if (failure !== undefined) throw failure.error;
}
