using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Advisor.Samples.Scan;

/// <summary>Draws the first page of a PDF in grayscale with pdftoppm.</summary>
internal static class Rasterizer
{
    /// <exception cref="InvalidOperationException">pdftoppm is missing or failed; the message says which.</exception>
    public static Pixels Render(byte[] pdf, int resolution)
    {
        string folder = Directory.CreateTempSubdirectory("sample-maker-").FullName;
        try
        {
            string source = Path.Combine(folder, "page.pdf");
            File.WriteAllBytes(source, pdf);
            ProcessStartInfo start = new("pdftoppm") { RedirectStandardError = true, UseShellExecute = false };
            foreach (string argument in new[] { "-gray", "-singlefile", "-r", resolution.ToString(CultureInfo.InvariantCulture), source, Path.Combine(folder, "page") })
            {
                start.ArgumentList.Add(argument);
            }

            using Process process = Start(start);
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? Read(File.ReadAllBytes(Path.Combine(folder, "page.pgm")))
                : throw new InvalidOperationException($"pdftoppm failed: {error}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException("pdftoppm is not installed. On Debian or Ubuntu: apt-get install poppler-utils", exception);
        }
    }

    // A binary graymap: "P5", width, height and 255 on lines of their own, then the pixels.
    private static Pixels Read(byte[] graymap)
    {
        int at = 0;
        string Word()
        {
            int from = at;
            while (graymap[at] is not ((byte)' ' or (byte)'\n'))
            {
                at++;
            }

            return Encoding.ASCII.GetString(graymap, from, at++ - from);
        }

        _ = Word();
        int width = int.Parse(Word(), CultureInfo.InvariantCulture);
        int height = int.Parse(Word(), CultureInfo.InvariantCulture);
        _ = Word();
        return new Pixels(width, height, graymap[at..]);
    }
}
