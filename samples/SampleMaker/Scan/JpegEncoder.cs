namespace Advisor.Samples.Scan;

/// <summary>Baseline JPEG of one component (ITU-T T.81), with the example tables of its annex K.</summary>
internal static class JpegEncoder
{
    private static readonly int[] ZigZag =
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    private static readonly int[] Luminance =
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ];

    private static readonly double[,] Cosines = CosineTable();

    /// <param name="quality">1 to 100, scaled as the Independent JPEG Group does.</param>
    public static byte[] Encode(Pixels image, int quality)
    {
        int scale = quality < 50 ? 5000 / quality : 200 - (2 * quality);
        int[] steps = [.. Luminance.Select(step => Math.Clamp(((step * scale) + 50) / 100, 1, 255))];
        using MemoryStream file = new();
        WriteHeaders(file, image, steps);
        EntropyWriter bits = new(file);
        int previous = 0;
        for (int y = 0; y < image.Height; y += 8)
        {
            for (int x = 0; x < image.Width; x += 8)
            {
                int[] block = Transform(image, x, y, steps);
                WriteBlock(bits, block, previous);
                previous = block[0];
            }
        }

        bits.Finish();
        file.Write([0xFF, 0xD9]);
        return file.ToArray();
    }

    private static void WriteHeaders(MemoryStream file, Pixels image, int[] steps)
    {
        file.Write([0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        file.Write([0xFF, 0xDB, 0, 67, 0, .. ZigZag.Select(index => (byte)steps[index])]);
        file.Write([0xFF, 0xC0, 0, 11, 8, (byte)(image.Height >> 8), (byte)image.Height, (byte)(image.Width >> 8), (byte)image.Width, 1, 1, 0x11, 0]);
        foreach ((byte kind, HuffmanTable table) in new[] { ((byte)0x00, HuffmanTable.Dc), ((byte)0x10, HuffmanTable.Ac) })
        {
            file.Write([0xFF, 0xC4, 0, (byte)(19 + table.Symbols.Count), kind, .. table.Counts, .. table.Symbols]);
        }

        file.Write([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]);
    }

    // Quantized coefficients in zig-zag order.
    private static int[] Transform(Pixels image, int left, int top, int[] steps)
    {
        double[] rows = new double[64];
        for (int y = 0; y < 8; y++)
        {
            for (int u = 0; u < 8; u++)
            {
                double sum = 0;
                for (int x = 0; x < 8; x++)
                {
                    sum += (image[left + x, top + y] - 128) * Cosines[u, x];
                }

                rows[(8 * y) + u] = sum;
            }
        }

        int[] result = new int[64];
        for (int k = 0; k < 64; k++)
        {
            int u = ZigZag[k] % 8;
            int v = ZigZag[k] / 8;
            double sum = 0;
            for (int y = 0; y < 8; y++)
            {
                sum += rows[(8 * y) + u] * Cosines[v, y];
            }

            result[k] = (int)Math.Round(sum / steps[ZigZag[k]]);
        }

        return result;
    }

    private static void WriteBlock(EntropyWriter bits, int[] block, int previous)
    {
        bits.Write(HuffmanTable.Dc, 0, block[0] - previous);
        int zeros = 0;
        for (int k = 1; k < 64; k++)
        {
            if (block[k] == 0)
            {
                zeros++;
                continue;
            }

            for (; zeros > 15; zeros -= 16)
            {
                bits.Write(HuffmanTable.Ac, 15, 0);
            }

            bits.Write(HuffmanTable.Ac, zeros, block[k]);
            zeros = 0;
        }

        if (zeros > 0)
        {
            bits.Write(HuffmanTable.Ac, 0, 0);
        }
    }

    private static double[,] CosineTable()
    {
        double[,] table = new double[8, 8];
        for (int u = 0; u < 8; u++)
        {
            for (int x = 0; x < 8; x++)
            {
                table[u, x] = (u == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos(((2 * x) + 1) * u * Math.PI / 16);
            }
        }

        return table;
    }
}
