// Written by scripts/generate-proto.ts. Do not edit: change the .proto file.
// Users, roles and permissions.
import type { MessageType } from "../wire/message-type.ts";
import { type BinaryReader, decodeWith, EMPTY_BYTES } from "../wire/reader.ts";
import { type BinaryWriter, encodeWith } from "../wire/writer.ts";

export interface UserAddOptions {
  /** A user without a password can only be known by its certificate. */
  noPassword: boolean;
}

export const UserAddOptions: MessageType<UserAddOptions> = {
  typeName: "authpb.UserAddOptions",
  create: createUserAddOptions,
  write: writeUserAddOptions,
  read: readUserAddOptions,
  encode: (message) => encodeWith(message, writeUserAddOptions),
  decode: (bytes) => decodeWith(bytes, readUserAddOptions),
  fields: () => [
    { name: "no_password", localName: "noPassword", number: 1, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyUserAddOptions(): UserAddOptions {
  return {
    noPassword: false,
  };
}

function createUserAddOptions(init?: Partial<UserAddOptions>): UserAddOptions {
  if (init === undefined) {
    return emptyUserAddOptions();
  }
  return {
    noPassword: init.noPassword ?? false,
  };
}

function writeUserAddOptions(m: UserAddOptions, w: BinaryWriter): void {
  if (m.noPassword) {
    w.byte(8);
    w.bool(m.noPassword);
  }
}

function readUserAddOptions(r: BinaryReader, end: number, target?: UserAddOptions): UserAddOptions {
  const m = target ?? emptyUserAddOptions();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.noPassword = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface User {
  name: Uint8Array;
  /** bcrypt hash, never the clear text. */
  password: Uint8Array;
  roles: string[];
  options: UserAddOptions | undefined;
}

export const User: MessageType<User> = {
  typeName: "authpb.User",
  create: createUser,
  write: writeUser,
  read: readUser,
  encode: (message) => encodeWith(message, writeUser),
  decode: (bytes) => decodeWith(bytes, readUser),
  fields: () => [
    { name: "name", localName: "name", number: 1, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "password", localName: "password", number: 2, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "roles", localName: "roles", number: 3, kind: "string", repeated: true, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "options", localName: "options", number: 4, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: UserAddOptions as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyUser(): User {
  return {
    name: EMPTY_BYTES,
    password: EMPTY_BYTES,
    roles: [],
    options: undefined,
  };
}

function createUser(init?: Partial<User>): User {
  if (init === undefined) {
    return emptyUser();
  }
  return {
    name: init.name ?? EMPTY_BYTES,
    password: init.password ?? EMPTY_BYTES,
    roles: init.roles ?? [],
    options: init.options,
  };
}

function writeUser(m: User, w: BinaryWriter): void {
  if (m.name.length !== 0) {
    w.byte(10);
    w.bytes(m.name);
  }
  if (m.password.length !== 0) {
    w.byte(18);
    w.bytes(m.password);
  }
  for (let i = 0; i < m.roles.length; i++) {
    const value = m.roles[i] as string;
    w.byte(26);
    w.string(value);
  }
  if (m.options !== undefined) {
    w.byte(34);
    const mark = w.fork(0);
    writeUserAddOptions(m.options, w);
    w.join(mark);
  }
}

function readUser(r: BinaryReader, end: number, target?: User): User {
  const m = target ?? emptyUser();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.name = r.bytes();
        break;
      case 18:
        m.password = r.bytes();
        break;
      case 26:
        m.roles.push(r.string());
        break;
      case 34:
        m.options = readUserAddOptions(r, r.enter(), m.options);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface Permission {
  permType: Permission_Type;
  key: Uint8Array;
  /** Empty: one key. "\0": every key from `key` on. Otherwise exclusive end. */
  rangeEnd: Uint8Array;
}

export const Permission: MessageType<Permission> = {
  typeName: "authpb.Permission",
  create: createPermission,
  write: writePermission,
  read: readPermission,
  encode: (message) => encodeWith(message, writePermission),
  decode: (bytes) => decodeWith(bytes, readPermission),
  fields: () => [
    { name: "permType", localName: "permType", number: 1, kind: "enum", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: Permission_Type },
    { name: "key", localName: "key", number: 2, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "range_end", localName: "rangeEnd", number: 3, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyPermission(): Permission {
  return {
    permType: 0,
    key: EMPTY_BYTES,
    rangeEnd: EMPTY_BYTES,
  };
}

function createPermission(init?: Partial<Permission>): Permission {
  if (init === undefined) {
    return emptyPermission();
  }
  return {
    permType: init.permType ?? 0,
    key: init.key ?? EMPTY_BYTES,
    rangeEnd: init.rangeEnd ?? EMPTY_BYTES,
  };
}

function writePermission(m: Permission, w: BinaryWriter): void {
  if (m.permType !== 0) {
    w.byte(8);
    w.int32(m.permType);
  }
  if (m.key.length !== 0) {
    w.byte(18);
    w.bytes(m.key);
  }
  if (m.rangeEnd.length !== 0) {
    w.byte(26);
    w.bytes(m.rangeEnd);
  }
}

function readPermission(r: BinaryReader, end: number, target?: Permission): Permission {
  const m = target ?? emptyPermission();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.permType = r.int32();
        break;
      case 18:
        m.key = r.bytes();
        break;
      case 26:
        m.rangeEnd = r.bytes();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export type Permission_Type = number;
export const Permission_Type = {
  READ: 0,
  WRITE: 1,
  READWRITE: 2,
} as const;

export interface Role {
  name: Uint8Array;
  /** Sorted by key. */
  keyPermission: Permission[];
}

export const Role: MessageType<Role> = {
  typeName: "authpb.Role",
  create: createRole,
  write: writeRole,
  read: readRole,
  encode: (message) => encodeWith(message, writeRole),
  decode: (bytes) => decodeWith(bytes, readRole),
  fields: () => [
    { name: "name", localName: "name", number: 1, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "keyPermission", localName: "keyPermission", number: 2, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: Permission as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyRole(): Role {
  return {
    name: EMPTY_BYTES,
    keyPermission: [],
  };
}

function createRole(init?: Partial<Role>): Role {
  if (init === undefined) {
    return emptyRole();
  }
  return {
    name: init.name ?? EMPTY_BYTES,
    keyPermission: init.keyPermission ?? [],
  };
}

function writeRole(m: Role, w: BinaryWriter): void {
  if (m.name.length !== 0) {
    w.byte(10);
    w.bytes(m.name);
  }
  for (let i = 0; i < m.keyPermission.length; i++) {
    const value = m.keyPermission[i] as Permission;
    w.byte(18);
    const mark = w.fork(value.key.length + value.rangeEnd.length + 24);
    writePermission(value, w);
    w.join(mark);
  }
}

function readRole(r: BinaryReader, end: number, target?: Role): Role {
  const m = target ?? emptyRole();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.name = r.bytes();
        break;
      case 18:
        m.keyPermission.push(readPermission(r, r.enter()));
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}
