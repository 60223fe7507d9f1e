using System.Globalization;
using System.IO.Compression;
using System.Text;
using Advisor.Documents.Reading.Pages;

namespace Advisor.Benchmarks.Quality.Prior;

/// <summary>How pages are turned into a scan.</summary>
/// <param name="Resolution">Dots per inch.</param>
/// <param name="Noise">Standard deviation of the grey of a pixel, of 255.</param>
/// <param name="Searchable">Recognised by the scanner's own software, which lays its text over the picture; else a picture alone.</param>
internal sealed record ScanCondition(string Name, int Resolution, double Noise, bool Searchable)
{
    /// <summary>The page as it was published.</summary>
    public const string AsPrinted = "as printed";

    /// <summary>An office scanner at its usual setting, and a bad one: the width of a fax.</summary>
    public static IReadOnlyList<ScanCondition> All { get; } =
    [
        new("scan, 200 dpi", 200, 6, Searchable: false),
        new("scan, 100 dpi", 100, 12, Searchable: false),
        new("searchable scan, 200 dpi", 200, 6, Searchable: true),
        new("searchable scan, 100 dpi", 100, 12, Searchable: true),
    ];
}

/// <summary>Prints pages of a PDF, lays them on a scanner, and gives the PDF that comes out. The same pages give the same pixels.</summary>
internal static class Scan
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(10);

    /// <param name="pages">From 1; the scan holds them in this order.</param>
    /// <param name="folder">For the scan and what comes up on the way. A scan that is there already is taken.</param>
    public static async Task<string> MakeAsync(string pdf, IReadOnlyList<int> pages, ScanCondition condition, string folder, CancellationToken cancellationToken)
    {
        var scan = Path.Combine(folder, "scan");
        if (File.Exists(scan + ".pdf"))
        {
            return scan + ".pdf";
        }

        Directory.CreateDirectory(folder);
        var images = new List<string>();
        foreach (var page in pages)
        {
            var stem = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"page-{page:D4}"));
            string[] arguments = ["-r", Text(condition.Resolution), "-gray", "-f", Text(page), "-l", Text(page), "-singlefile", pdf, stem];
            await RunAsync("pdftoppm", "poppler-utils", arguments, cancellationToken);
            var picture = GreyPicture.Read(await File.ReadAllBytesAsync(stem + ".pgm", cancellationToken)).Aged(condition.Noise, page);
            await File.WriteAllBytesAsync(stem + ".pgm", picture.ToPgm(), cancellationToken);
            images.Add(stem + ".pgm");
        }

        if (condition.Searchable)
        {
            await File.WriteAllLinesAsync(scan + ".txt", images, cancellationToken);
            await RunAsync("tesseract", "tesseract-ocr", [scan + ".txt", scan + "-new", "--dpi", Text(condition.Resolution), "pdf"], cancellationToken);
        }
        else
        {
            await File.WriteAllBytesAsync(scan + "-new.pdf", PictureFile.Of([.. images.Select(image => GreyPicture.Read(File.ReadAllBytes(image)))], condition.Resolution), cancellationToken);
        }

        images.ForEach(File.Delete);
        File.Move(scan + "-new.pdf", scan + ".pdf");
        return scan + ".pdf";
    }

    private static async Task RunAsync(string program, string package, string[] arguments, CancellationToken cancellationToken)
    {
        var (_, exitCode, error) = await ChildProcess.RunAsync(program, package, arguments, s_timeout, reader => reader.ReadToEnd(), cancellationToken);
        if (exitCode != 0)
        {
            throw new BenchException($"{program} failed: {error}");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A picture in 256 greys.</summary>
internal sealed record GreyPicture(int Width, int Height, byte[] Pixels)
{
    /// <param name="pgm">A binary portable grey map without comments, as poppler writes it.</param>
    public static GreyPicture Read(byte[] pgm)
    {
        var (fields, at) = (new List<string>(), 0);
        while (fields.Count < 4)
        {
            var start = at;
            while (!char.IsWhiteSpace((char)pgm[at]))
            {
                at++;
            }

            fields.Add(Encoding.ASCII.GetString(pgm, start, at - start));
            at++;
        }

        return new GreyPicture(int.Parse(fields[1], CultureInfo.InvariantCulture), int.Parse(fields[2], CultureInfo.InvariantCulture), pgm[at..]);
    }

    public byte[] ToPgm() => [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"P5\n{Width} {Height}\n255\n")), .. Pixels];

    /// <summary>What a scanner makes white, and black.</summary>
    private const int White = 225, Black = 30;

    /// <summary>Blurred by a lens (the binomial kernel of three by three), specked by a sensor, and its levels stretched as scanners do.</summary>
    public GreyPicture Aged(double noise, int seed)
    {
        var random = new Random(seed);
        var aged = new byte[Pixels.Length];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var sum = 0;
                for (var dy = -1; dy <= 1; dy++)
                {
                    var row = Math.Clamp(y + dy, 0, Height - 1) * Width;
                    var line = Pixels[row + Math.Max(x - 1, 0)] + (2 * Pixels[row + x]) + Pixels[row + Math.Min(x + 1, Width - 1)];
                    sum += dy == 0 ? 2 * line : line;
                }

                // Twelve uniform draws have a variance of one.
                var speck = -6.0;
                for (var draw = 0; draw < 12; draw++)
                {
                    speck += random.NextDouble();
                }

                aged[(y * Width) + x] = (byte)Math.Clamp(((sum / 16.0) + (noise * speck) - Black) * 255 / (White - Black), 0, 255);
            }
        }

        return this with { Pixels = aged };
    }
}

/// <summary>A PDF of one picture a page and nothing else.</summary>
internal static class PictureFile
{
    public static byte[] Of(IReadOnlyList<GreyPicture> pictures, int resolution)
    {
        using var file = new MemoryStream();
        var offsets = new List<long>();
        Write("%PDF-1.4\n");
        Object("<< /Type /Catalog /Pages 2 0 R >>");
        Object($"<< /Type /Pages /Count {pictures.Count} /Kids [{string.Join(' ', pictures.Select((_, i) => $"{3 + (3 * i)} 0 R"))}] >>");
        for (var i = 0; i < pictures.Count; i++)
        {
            var (width, height) = (pictures[i].Width * 72m / resolution, pictures[i].Height * 72m / resolution);
            Object(string.Create(CultureInfo.InvariantCulture, $"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:0.###} {height:0.###}] /Resources << /XObject << /P {5 + (3 * i)} 0 R >> >> /Contents {4 + (3 * i)} 0 R >>"));
            Stream("", Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{width:0.###} 0 0 {height:0.###} 0 0 cm /P Do")));
            Stream($"/Type /XObject /Subtype /Image /Width {pictures[i].Width} /Height {pictures[i].Height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode ", Packed(pictures[i].Pixels));
        }

        var start = file.Position;
        Write($"xref\n0 {offsets.Count + 1}\n0000000000 65535 f \n{string.Concat(offsets.Select(offset => string.Create(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n")))}trailer << /Size {offsets.Count + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
        return file.ToArray();

        void Write(string text) => file.Write(Encoding.ASCII.GetBytes(text));

        void Object(string content)
        {
            offsets.Add(file.Position);
            Write($"{offsets.Count} 0 obj\n{content}\nendobj\n");
        }

        void Stream(string entries, byte[] content)
        {
            offsets.Add(file.Position);
            Write($"{offsets.Count} 0 obj\n<< {entries}/Length {content.Length} >>\nstream\n");
            file.Write(content);
            Write("\nendstream\nendobj\n");
        }
    }

    private static byte[] Packed(byte[] pixels)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
        {
            zlib.Write(pixels);
        }

        return packed.ToArray();
    }
}
