import assert from "node:assert/strict";
import { test } from "node:test";
import { CorruptionError } from "../../lib/corruption-error.ts";
import { imageOf, numberedBucket, readImage } from "../testing/images.ts";
import { encodeMetaPage } from "./meta.ts";
import { readPageHeader } from "./page.ts";

const PAGE = 4096;

async function sample(): Promise<Buffer> {
  return imageOf([
    numberedBucket("alarm", 2, { key: 4, value: 0 }),
    numberedBucket("key", 120, { key: 17, value: 90 }),
    numberedBucket("lease", 2, { key: 8, value: 5000 }),
  ]);
}

/** The first page with these flags. */
function pageOf(image: Buffer, flags: number): number {
  for (let id = 2; id < image.length / PAGE; id++) {
    if (readPageHeader(image, id * PAGE).flags === flags) {
      return id * PAGE;
    }
  }
  throw new Error(`no page with flags ${flags}`);
}

/** Damages the image in place, or returns what is left of it. */
type Damage = (image: Buffer) => unknown;

const damages: { what: string; message: RegExp; damage: Damage }[] = [
  {
    what: "cut off",
    message: /corrupt at 20480: truncated: \d+ pages of 4096 bytes need \d+ bytes, there are 20480/,
    damage: (image) => image.subarray(0, 5 * PAGE),
  },
  {
    what: "no database at all",
    message: /no valid meta page: invalid database/,
    damage: (image) => image.fill(0, 0, 2 * PAGE),
  },
  { what: "empty", message: /no valid meta page: file too short/, damage: () => Buffer.alloc(0) },
  {
    what: "with both meta pages damaged",
    message: /no valid meta page: checksum error/,
    damage: (image) => {
      image[40]! ^= 1;
      image[PAGE + 40]! ^= 1;
    },
  },
  {
    what: "with a page in another's place",
    message: /page 2 says it is page 3/,
    damage: (image) => image.copy(image, 2 * PAGE, 3 * PAGE, 4 * PAGE),
  },
  {
    what: "with an unknown page type",
    message: /page \d+: type is unknown<08>, expected branch/,
    damage: (image) => image.writeUInt16LE(8, pageOf(image, 2) + 8),
  },
  {
    what: "with an element count beyond the page",
    message: /page 2: 65000 elements do not fit/,
    damage: (image) => image.writeUInt16LE(65_000, pageOf(image, 2) + 10),
  },
  {
    what: "with an overflow beyond the file",
    message: /page 2: overflow 4000000000 passes high water/,
    damage: (image) => image.writeUInt32LE(4_000_000_000, pageOf(image, 2) + 12),
  },
  {
    what: "with a value that leaves its page",
    message: /page 2: element 0 points outside of the page/,
    damage: (image) => image.writeUInt32LE(0x7fff_ffff, pageOf(image, 2) + 16 + 12),
  },
  {
    what: "with a key that starts in the elements",
    message: /page 2: element 0 points outside of the page/,
    damage: (image) => image.writeUInt32LE(0, pageOf(image, 2) + 16 + 4),
  },
  {
    what: "with an empty key",
    message: /page 2: element 0 has an empty key/,
    damage: (image) => image.writeUInt32LE(0, pageOf(image, 2) + 16 + 8),
  },
  {
    what: "with a child out of bounds",
    message: /page 12345678 out of bounds \[2, \d+\)/,
    damage: (image) => image.writeUInt32LE(12_345_678, pageOf(image, 1) + 16 + 8),
  },
  {
    what: "with a branch that is its own child",
    message: /first key is below|last key reaches|multiple references/,
    damage: (image) => {
      const branch = pageOf(image, 1);
      image.writeUInt32LE(branch / PAGE, branch + 16 + 8);
    },
  },
  {
    what: "with a key moved behind its page's range",
    message: /key [0-9a-f]+ after|last key reaches into the next page's/,
    damage: (image) => {
      const at = pageOf(image, 2) + 16;
      image[at + image.readUInt32LE(at + 4)] = 0xff;
    },
  },
];

for (const { what, message, damage } of damages) {
  test(`an image ${what} is refused, naming place and reason`, async () => {
    const image = await sample();
    const returned = damage(image);
    const damaged = Buffer.isBuffer(returned) ? returned : image;
    await assert.rejects(readImage(damaged), (error: unknown) => {
      assert.ok(error instanceof CorruptionError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}

test("the older meta page serves when the newer one is damaged", async () => {
  const image = await sample();
  image[64]! ^= 1;
  assert.equal((await readImage(image)).length, 3);
});

test("the newer meta page wins when both are valid", async () => {
  const image = await sample();
  const meta = { pageSize: PAGE, root: 2, highWater: 3, freelist: undefined, txid: 3 };
  encodeMetaPage(meta).copy(image, PAGE);
  await assert.rejects(readImage(image), /nil bucket/);
});

test("no single damaged byte does more than give an error or another value", async () => {
  const image = await sample();
  for (let offset = 0; offset < image.length; offset += 61) {
    const before = image[offset]!;
    image[offset] = before ^ (1 << (offset & 7));
    try {
      await readImage(image);
    } catch (error) {
      assert.ok(error instanceof CorruptionError, `offset ${offset}: ${String(error)}`);
    }
    image[offset] = before;
  }
});
