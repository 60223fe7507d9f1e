namespace Advisor.Samples.Pdf;

/// <summary>The single-byte encoding of the text (PDF 32000-1, annex D.2), as far as English typography needs it.</summary>
internal static class WinAnsi
{
    private static readonly Dictionary<char, byte> Above127 = new()
    {
        ['…'] = 0x85, ['‘'] = 0x91, ['’'] = 0x92, ['“'] = 0x93, ['”'] = 0x94, ['•'] = 0x95, ['–'] = 0x96, ['—'] = 0x97,
    };

    /// <exception cref="ArgumentOutOfRangeException">The character is not in the encoding.</exception>
    public static byte Encode(char character) => character switch
    {
        >= ' ' and <= '~' => (byte)character,
        >= '¡' and <= 'ÿ' => (byte)character,
        _ when Above127.TryGetValue(character, out byte code) => code,
        _ => throw new ArgumentOutOfRangeException(nameof(character), character, "Not in the encoding of the text."),
    };
}
