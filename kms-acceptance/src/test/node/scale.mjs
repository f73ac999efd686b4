// The few SCALE forms that a certificate signing request needs (specification 02 §7).

export const compact = (n) => {
  if (n < 1 << 6) return Buffer.from([n << 2]);
  if (n < 1 << 14) {
    const two = Buffer.alloc(2);
    two.writeUInt16LE((n << 2) | 1);
    return two;
  }
  const four = Buffer.alloc(4);
  four.writeUInt32LE(((n << 2) | 2) >>> 0);
  return four;
};

export const bytes = (content) => Buffer.concat([compact(content.length), content]);

export const text = (content) => bytes(Buffer.from(content, 'utf8'));

export const bool = (value) => Buffer.from([value ? 1 : 0]);

export const optionU64 = (value) => {
  if (value === undefined) return Buffer.from([0]);
  const eight = Buffer.alloc(9, 1);
  eight.writeBigUInt64LE(BigInt(value), 1);
  return eight;
};
