namespace Advisor.Samples.Scan;

/// <summary>A Huffman table as ITU-T T.81 gives it: how many codes of each length from 1 to 16, and their symbols in order.</summary>
internal sealed class HuffmanTable
{
    public static readonly HuffmanTable Dc = new(
        [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);

    public static readonly HuffmanTable Ac = new(
        [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D],
        Convert.FromHexString(
            "01020300041105122131410613516107227114328191A1082342B1C11552D1F02433627282090A161718191A25262728292A3435363738393A"
            + "434445464748494A535455565758595A636465666768696A737475767778797A838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AA"
            + "B2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE1E2E3E4E5E6E7E8E9EAF1F2F3F4F5F6F7F8F9FA"));

    private readonly Dictionary<byte, (int Code, int Length)> codes = [];

    private HuffmanTable(byte[] counts, byte[] symbols)
    {
        Counts = counts;
        Symbols = symbols;
        int code = 0;
        int next = 0;
        for (int length = 1; length <= 16; length++)
        {
            for (int i = 0; i < counts[length - 1]; i++)
            {
                codes[symbols[next++]] = (code++, length);
            }

            code <<= 1;
        }
    }

    public IReadOnlyList<byte> Counts { get; }

    public IReadOnlyList<byte> Symbols { get; }

    public (int Code, int Length) Code(byte symbol) => codes[symbol];
}
