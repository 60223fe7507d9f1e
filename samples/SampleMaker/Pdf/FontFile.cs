using System.Buffers.Binary;
using System.Text;

namespace Advisor.Samples.Pdf;

/// <summary>Puts TrueType tables together to a font file.</summary>
internal static class FontFile
{
    public static byte[] Write(SortedDictionary<string, byte[]> tables)
    {
        int power = 1 << (int)Math.Log2(tables.Count);
        BinaryPrimitives.WriteUInt32BigEndian(tables["head"].AsSpan(8), 0);
        using BigEndianWriter writer = new();
        writer.U32(0x00010000).U16(tables.Count).U16(16 * power).U16((int)Math.Log2(power)).U16(16 * (tables.Count - power));
        int offset = 12 + (16 * tables.Count);
        foreach ((string tag, byte[] table) in tables)
        {
            writer.Bytes(Encoding.ASCII.GetBytes(tag)).U32(Checksum(table)).U32((uint)offset).U32((uint)table.Length);
            offset += (table.Length + 3) / 4 * 4;
        }

        foreach (byte[] table in tables.Values)
        {
            writer.Bytes(table).Bytes(new byte[(4 - (table.Length % 4)) % 4]);
        }

        return writer.ToArray();
    }

    private static uint Checksum(byte[] table)
    {
        uint sum = 0;
        for (int i = 0; i < table.Length; i++)
        {
            sum += (uint)table[i] << (24 - (8 * (i % 4)));
        }

        return sum;
    }
}
