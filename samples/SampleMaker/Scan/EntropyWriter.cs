using System.Numerics;

namespace Advisor.Samples.Scan;

/// <summary>Writes Huffman codes and the bits of values after them, stuffing a zero byte behind each 0xFF.</summary>
internal sealed class EntropyWriter(MemoryStream file)
{
    private int buffer;
    private int count;

    /// <param name="run">Zero coefficients before the value, 0 to 15.</param>
    public void Write(HuffmanTable table, int run, int value)
    {
        int size = 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(value));
        (int code, int length) = table.Code((byte)((run << 4) | size));
        Bits(code, length);
        Bits(value < 0 ? value + (1 << size) - 1 : value, size);
    }

    /// <summary>Fills the last byte with ones.</summary>
    public void Finish() => Bits(0x7F, 7);

    private void Bits(int value, int length)
    {
        for (int i = length - 1; i >= 0; i--)
        {
            buffer = (buffer << 1) | ((value >> i) & 1);
            if (++count == 8)
            {
                file.WriteByte((byte)buffer);
                if (buffer == 0xFF)
                {
                    file.WriteByte(0);
                }

                buffer = 0;
                count = 0;
            }
        }
    }
}
