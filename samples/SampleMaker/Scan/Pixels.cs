using Advisor.Samples.Ledger;

namespace Advisor.Samples.Scan;

/// <summary>A grayscale image, row by row from the top, 0 black to 255 white.</summary>
internal sealed class Pixels(int width, int height, byte[] values)
{
    public int Width => width;

    public int Height => height;

    /// <summary>The value at a place; beyond the edges, that of the nearest pixel.</summary>
    public byte this[int x, int y] => values[(Math.Clamp(y, 0, height - 1) * width) + Math.Clamp(x, 0, width - 1)];

    /// <summary>Turns the page about its centre, with bilinear interpolation and a white surround.</summary>
    public Pixels Rotate(double degrees)
    {
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
        return Map((x, y) =>
        {
            double dx = x - (width / 2.0);
            double dy = y - (height / 2.0);
            double sourceX = (cosine * dx) + (sine * dy) + (width / 2.0);
            double sourceY = (cosine * dy) - (sine * dx) + (height / 2.0);
            return sourceX < 0 || sourceY < 0 || sourceX > width - 1 || sourceY > height - 1 ? 255 : Interpolate(sourceX, sourceY);
        });
    }

    /// <summary>Off-white paper, gray ink, light grain and a few specks.</summary>
    public Pixels Age(ulong seed)
    {
        Draws draws = new(seed);
        return Map((x, y) =>
        {
            double paper = 38 + (this[x, y] * 208 / 255.0);
            double speck = draws.Uniform() < 0.00004 ? -110 : 0;
            return paper + speck + (3.2 * draws.Normal());
        });
    }

    private Pixels Map(Func<int, int, double> value)
    {
        byte[] result = new byte[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = (byte)Math.Clamp(Math.Round(value(i % width, i / width)), 0, 255);
        }

        return new Pixels(width, height, result);
    }

    private double Interpolate(double x, double y)
    {
        int left = (int)x;
        int top = (int)y;
        double right = x - left;
        double down = y - top;
        double above = (this[left, top] * (1 - right)) + (this[left + 1, top] * right);
        double below = (this[left, top + 1] * (1 - right)) + (this[left + 1, top + 1] * right);
        return (above * (1 - down)) + (below * down);
    }
}
