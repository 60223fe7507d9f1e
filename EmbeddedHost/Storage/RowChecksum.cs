using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Advisor.Embedded.Storage;

/// <summary>CRC-32C over the values of a row, in their order: it tells apart what was written and what the disk gives back.</summary>
/// <remarks>
/// SQLite notices a page that cannot be one, not a text in which a bit has turned. Every change of up to 32 neighbouring bits is seen, others but for
/// one in four thousand million. It is no protection against somebody who means it: the audit log has that. Values are told apart from their
/// neighbours, and null from empty. Texts count as the UTF-8 that is stored, so the checksums of a file hold on any machine.
/// </remarks>
internal struct RowChecksum
{
    private const int OnStack = 1024;

    private uint _inverse;

    /// <summary>From 0 to 2^32 - 1.</summary>
    public readonly long Value => _inverse;

    public RowChecksum Add(long? value)
    {
        AddWord(value is null ? 0UL : 1UL);
        AddWord((ulong)(value ?? 0));
        return this;
    }

    public RowChecksum Add(string? value)
    {
        if (value is null)
        {
            AddWord(ulong.MaxValue);
            return this;
        }

        // A text of 16-bit units grows to three bytes a unit at most.
        var size = value.Length * 3L <= OnStack ? value.Length * 3 : Encoding.UTF8.GetByteCount(value);
        byte[]? rented = null;
        var bytes = size <= OnStack ? stackalloc byte[OnStack] : (rented = ArrayPool<byte>.Shared.Rent(size));
        AddBytes(bytes[..Encoding.UTF8.GetBytes(value, bytes)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return this;
    }

    public RowChecksum Add(ReadOnlySpan<byte> value)
    {
        AddBytes(value);
        return this;
    }

    private void AddBytes(ReadOnlySpan<byte> bytes)
    {
        AddWord((ulong)bytes.Length);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            AddWord(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var left in bytes)
        {
            _inverse = ~BitOperations.Crc32C(~_inverse, left);
        }
    }

    private void AddWord(ulong word) => _inverse = ~BitOperations.Crc32C(~_inverse, word);
}
