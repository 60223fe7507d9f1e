using System.ComponentModel;
using System.Diagnostics;

namespace Advisor.Benchmarks.Documents;

/// <summary>The reading tool alone.</summary>
internal static class PdfToText
{
    /// <summary>How long <c>pdftotext -bbox-layout</c> takes on the file, its start included, its output written to a file.</summary>
    public static async Task<TimeSpan> TimeAsync(string file, CancellationToken cancellationToken)
    {
        var output = file + ".xhtml";
        var clock = Stopwatch.StartNew();
        using var process = Start(["-bbox-layout", file, output]);
        await process.WaitForExitAsync(cancellationToken);
        var elapsed = clock.Elapsed;
        File.Delete(output);
        return process.ExitCode == 0 ? elapsed : throw new BenchException($"pdftotext cannot read {file}.");
    }

    private static Process Start(string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("pdftotext", arguments) { UseShellExecute = false })!;
        }
        catch (Win32Exception)
        {
            throw new BenchException("The program 'pdftotext' is not installed; install the package 'poppler-utils'.");
        }
    }
}
