using System.Buffers.Binary;

namespace Advisor.Samples.Pdf;

internal sealed class BigEndianWriter : IDisposable
{
    private readonly MemoryStream stream = new();

    public BigEndianWriter U16(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, unchecked((ushort)value));
        stream.Write(bytes);
        return this;
    }

    public BigEndianWriter U32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        stream.Write(bytes);
        return this;
    }

    public BigEndianWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        return this;
    }

    public byte[] ToArray() => stream.ToArray();

    public void Dispose() => stream.Dispose();
}
