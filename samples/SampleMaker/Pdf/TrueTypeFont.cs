using System.Buffers.Binary;
using System.Text;

namespace Advisor.Samples.Pdf;

/// <summary>A TrueType font file: widths, the glyphs of characters, and a subset that keeps glyph numbers but only the outlines used.</summary>
internal sealed class TrueTypeFont
{
    private readonly byte[] file;
    private readonly Dictionary<string, (int Offset, int Length)> tables = [];
    private readonly Dictionary<char, int> glyphs = [];

    public TrueTypeFont(string name, byte[] file)
    {
        Name = name;
        this.file = file;
        for (int i = 0; i < U16(4); i++)
        {
            int entry = 12 + (16 * i);
            tables[Encoding.ASCII.GetString(file, entry, 4)] = ((int)U32(entry + 8), (int)U32(entry + 12));
        }

        ReadCharacters();
    }

    public string Name { get; }

    public int UnitsPerEm => U16(At("head") + 18);

    /// <summary>xMin, yMin, xMax, yMax in font units.</summary>
    public IReadOnlyList<int> Bounds => [.. Enumerable.Range(0, 4).Select(i => S16(At("head") + 36 + (2 * i)))];

    public int Ascent => S16(At("hhea") + 4);

    public int Descent => S16(At("hhea") + 6);

    /// <exception cref="InvalidOperationException">The font has no glyph for the character.</exception>
    public int Glyph(char character) => glyphs.TryGetValue(character, out int glyph)
        ? glyph
        : throw new InvalidOperationException($"{Name} has no glyph for U+{(int)character:X4}.");

    /// <summary>The advance width in font units.</summary>
    public int Advance(char character)
    {
        int last = U16(At("hhea") + 34) - 1;
        return U16(At("hmtx") + (4 * Math.Min(Glyph(character), last)));
    }

    public byte[] Subset(IReadOnlyCollection<char> characters)
    {
        HashSet<int> used = [0, .. characters.Select(Glyph)];
        Queue<int> open = new(used);
        while (open.TryDequeue(out int glyph))
        {
            foreach (int part in Components(glyph).Where(used.Add))
            {
                open.Enqueue(part);
            }
        }

        SortedDictionary<string, byte[]> kept = new(StringComparer.Ordinal);
        foreach (string tag in new[] { "cvt ", "fpgm", "prep", "hhea", "maxp" })
        {
            kept[tag] = Table(tag);
        }

        kept["head"] = LongOffsets(Table("head"));
        kept["hmtx"] = Metrics(used);
        (kept["loca"], kept["glyf"]) = Outlines(used);
        kept["cmap"] = CharacterMap.Write(characters.Order().Select(c => (c, Glyph(c))).ToArray());
        return FontFile.Write(kept);
    }

    private static byte[] LongOffsets(byte[] head)
    {
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1);
        return head;
    }

    private byte[] Metrics(HashSet<int> used)
    {
        byte[] metrics = Table("hmtx");
        int count = U16(At("hhea") + 34);
        foreach (int glyph in Enumerable.Range(0, count).Where(glyph => !used.Contains(glyph)))
        {
            metrics.AsSpan(4 * glyph, 4).Clear();
        }

        metrics.AsSpan(4 * count).Clear();
        return metrics;
    }

    private (byte[] Offsets, byte[] Outlines) Outlines(HashSet<int> used)
    {
        int count = U16(At("maxp") + 4);
        byte[] offsets = new byte[4 * (count + 1)];
        using MemoryStream outlines = new();
        for (int glyph = 0; glyph < count; glyph++)
        {
            BinaryPrimitives.WriteInt32BigEndian(offsets.AsSpan(4 * glyph), (int)outlines.Position);
            if (used.Contains(glyph))
            {
                (int offset, int length) = Outline(glyph);
                outlines.Write(file, offset, length);
                outlines.Write(new byte[(4 - (length % 4)) % 4]);
            }
        }

        BinaryPrimitives.WriteInt32BigEndian(offsets.AsSpan(4 * count), (int)outlines.Position);
        return (offsets, outlines.ToArray());
    }

    private (int Offset, int Length) Outline(int glyph)
    {
        bool wide = U16(At("head") + 50) == 1;
        int Position(int index) => wide ? (int)U32(At("loca") + (4 * index)) : 2 * U16(At("loca") + (2 * index));
        return (At("glyf") + Position(glyph), Position(glyph + 1) - Position(glyph));
    }

    // A composite glyph has a negative count of contours, then components: flags, glyph, arguments and scales whose sizes the flags tell.
    private IEnumerable<int> Components(int glyph)
    {
        (int offset, int length) = Outline(glyph);
        if (length == 0 || S16(offset) >= 0)
        {
            yield break;
        }

        int at = offset + 10;
        int flags;
        do
        {
            flags = U16(at);
            yield return U16(at + 2);
            at += 4 + ((flags & 1) != 0 ? 4 : 2);
            at += (flags & 8) != 0 ? 2 : (flags & 0x40) != 0 ? 4 : (flags & 0x80) != 0 ? 8 : 0;
        }
        while ((flags & 0x20) != 0);
    }

    private void ReadCharacters()
    {
        int map = At("cmap");
        int format4 = Enumerable.Range(0, U16(map + 2))
            .Select(i => map + 4 + (8 * i))
            .Where(entry => U16(entry) == 3 && U16(entry + 2) == 1)
            .Select(entry => map + (int)U32(entry + 4))
            .First();
        int segments = U16(format4 + 6) / 2;
        for (int i = 0; i < segments; i++)
        {
            int end = U16(format4 + 14 + (2 * i));
            int start = U16(format4 + 16 + (2 * (segments + i)));
            int delta = U16(format4 + 16 + (2 * ((2 * segments) + i)));
            int rangeAt = format4 + 16 + (2 * ((3 * segments) + i));
            int range = U16(rangeAt);
            for (int c = start; c <= end && c < 0xFFFF; c++)
            {
                int glyph = range == 0 ? c : U16(rangeAt + range + (2 * (c - start)));
                if (glyph != 0)
                {
                    glyphs[(char)c] = (glyph + delta) & 0xFFFF;
                }
            }
        }
    }

    private byte[] Table(string tag) => file.AsSpan(tables[tag].Offset, tables[tag].Length).ToArray();

    private int At(string tag) => tables[tag].Offset;

    private int U16(int offset) => BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(offset));

    private int S16(int offset) => BinaryPrimitives.ReadInt16BigEndian(file.AsSpan(offset));

    private uint U32(int offset) => BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(offset));
}
