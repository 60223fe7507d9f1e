using System.Buffers.Binary;
using System.Text;

namespace Advisor.Documents.Intake;

/// <summary>One entry of a zip file's central directory.</summary>
internal readonly record struct ZipEntry(string Name, bool Encrypted, long Packed, long Unpacked);

/// <summary>The central directory of a zip file, read from the bytes without unpacking anything.</summary>
/// <remarks>APPNOTE.TXT 4.3.12 to 4.3.16 (zip64 included). Sizes are what the file claims: the reader counts again while it unpacks.</remarks>
internal static class ZipDirectory
{
    private const uint EndSignature = 0x06054b50;
    private const uint EntrySignature = 0x02014b50;
    private const int MaxEntries = 65_536;

    public static bool LooksLikeZip(ReadOnlySpan<byte> content) =>
        content.Length >= 4 && content[0] == 'P' && content[1] == 'K' && ((content[2] == 3 && content[3] == 4) || (content[2] == 5 && content[3] == 6));

    /// <summary>The entries, or null when the directory is missing or cut off.</summary>
    public static List<ZipEntry>? Read(ReadOnlySpan<byte> content)
    {
        var end = FindEnd(content);
        if (end < 0)
        {
            return null;
        }

        long count = BinaryPrimitives.ReadUInt16LittleEndian(content[(end + 10)..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(content[(end + 12)..]);
        long start = BinaryPrimitives.ReadUInt32LittleEndian(content[(end + 16)..]);
        if (count == 0xFFFF || size == 0xFFFFFFFF || start == 0xFFFFFFFF)
        {
            (count, size, start) = Zip64(content, end) ?? (count, size, start);
        }

        if (start < 0 || size < 0 || start > content.Length || count > MaxEntries || start + size > content.Length)
        {
            return null;
        }

        return Entries(content, (int)start, (int)count);
    }

    private static List<ZipEntry>? Entries(ReadOnlySpan<byte> content, int position, int count)
    {
        var entries = new List<ZipEntry>(Math.Min(count, 1024));
        for (var i = 0; i < count; i++)
        {
            if (position + 46 > content.Length || BinaryPrimitives.ReadUInt32LittleEndian(content[position..]) != EntrySignature)
            {
                return null;
            }

            var header = content[position..];
            var flags = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
            long packed = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
            long unpacked = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]);
            int name = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
            int extra = BinaryPrimitives.ReadUInt16LittleEndian(header[30..]);
            int comment = BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);
            if (46 + name + extra > header.Length)
            {
                return null;
            }

            Zip64Sizes(header.Slice(46 + name, extra), ref unpacked, ref packed);
            entries.Add(new(Encoding.UTF8.GetString(header.Slice(46, name)).Replace('\\', '/'), (flags & 1) != 0, packed, unpacked));
            position += 46 + name + extra + comment;
        }

        return entries;
    }

    private static void Zip64Sizes(ReadOnlySpan<byte> extra, ref long unpacked, ref long packed)
    {
        while (extra.Length >= 4)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (4 + length > extra.Length)
            {
                return;
            }

            var data = extra.Slice(4, length);
            if (id == 1)
            {
                if (unpacked == 0xFFFFFFFF && data.Length >= 8)
                {
                    unpacked = BinaryPrimitives.ReadInt64LittleEndian(data);
                    data = data[8..];
                }

                if (packed == 0xFFFFFFFF && data.Length >= 8)
                {
                    packed = BinaryPrimitives.ReadInt64LittleEndian(data);
                }

                return;
            }

            extra = extra[(4 + length)..];
        }
    }

    private static int FindEnd(ReadOnlySpan<byte> content)
    {
        // The end record is 22 bytes and a comment of at most 65,535.
        var first = Math.Max(0, content.Length - 22 - 65_535);
        for (var i = content.Length - 22; i >= first; i--)
        {
            if (content[i] == 'P' && BinaryPrimitives.ReadUInt32LittleEndian(content[i..]) == EndSignature)
            {
                return i;
            }
        }

        return -1;
    }

    private static (long Count, long Size, long Start)? Zip64(ReadOnlySpan<byte> content, int end)
    {
        if (end < 20 || BinaryPrimitives.ReadUInt32LittleEndian(content[(end - 20)..]) != 0x07064b50)
        {
            return null;
        }

        var record = BinaryPrimitives.ReadInt64LittleEndian(content[(end - 12)..]);
        if (record < 0 || record > content.Length - 56 || BinaryPrimitives.ReadUInt32LittleEndian(content[(int)record..]) != 0x06064b50)
        {
            return null;
        }

        var at = content[(int)record..];
        return (BinaryPrimitives.ReadInt64LittleEndian(at[32..]), BinaryPrimitives.ReadInt64LittleEndian(at[40..]), BinaryPrimitives.ReadInt64LittleEndian(at[48..]));
    }
}
