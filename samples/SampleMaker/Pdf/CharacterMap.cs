namespace Advisor.Samples.Pdf;

/// <summary>A TrueType character map (platform 3, encoding 1, format 4) with one segment a character.</summary>
internal static class CharacterMap
{
    public static byte[] Write((char Character, int Glyph)[] entries)
    {
        (int Character, int Delta)[] segments =
        [
            .. entries.Select(entry => ((int)entry.Character, entry.Glyph - entry.Character)),
            (0xFFFF, 1),
        ];
        int count = segments.Length;
        int power = 1 << (int)Math.Log2(count);
        using BigEndianWriter writer = new();
        writer.U16(0).U16(1).U16(3).U16(1).U32(12);
        writer.U16(4).U16(16 + (8 * count)).U16(0);
        writer.U16(2 * count).U16(2 * power).U16((int)Math.Log2(power)).U16(2 * (count - power));
        foreach ((int character, _) in segments)
        {
            writer.U16(character);
        }

        writer.U16(0);
        foreach ((int character, _) in segments)
        {
            writer.U16(character);
        }

        foreach ((_, int delta) in segments)
        {
            writer.U16(delta);
        }

        for (int i = 0; i < count; i++)
        {
            writer.U16(0);
        }

        return writer.ToArray();
    }
}
