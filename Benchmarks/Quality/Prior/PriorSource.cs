using System.Security.Cryptography;
using System.Text;
using Advisor.Kernel.Confidence;

namespace Advisor.Benchmarks.Quality.Prior;

/// <summary>Where the labels of each set come from.</summary>
internal static class PriorSource
{
    private static readonly (string Set, string Origin)[] s_sets =
    [
        (Labelling.Tables, "Government reports of the ICDAR 2013 table competition with the true cells of their tables; works of EU governments"),
        (Labelling.Reports, "Public filings of companies; as printed, figures of their primary statements transcribed by hand, FunctionApp.Tests/Documents/Fixtures; of scans, what the product itself reads of the same page as printed"),
        (Labelling.Workbooks, "Test workbooks of an open-source project, Apache-2.0; values of cells as an independent reader finds them, nothing else of a fact"),
    ];

    /// <summary>What the sets of a folder gave.</summary>
    public static IReadOnlyList<PriorData> Of(string data, LabelledData labelled) =>
        [.. from one in s_sets
            let facts = labelled.Facts.Where(fact => fact.Set == one.Set).ToList()
            where facts.Count > 0
            select new PriorData(
                one.Set, one.Origin, facts.Select(fact => fact.Document).Distinct(StringComparer.Ordinal).Count(),
                facts.Count(fact => fact.Label.Right == true), facts.Count(fact => fact.Label.Right == false), facts.Count(fact => fact.Label.Right is null),
                HashOf(Path.Combine(data, one.Set)))];

    /// <summary>SHA-256 over name and bytes of each file that is a document or its labels, by name.</summary>
    public static string HashOf(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IEnumerable<string> files = Directory.GetFiles(folder).Where(file => Path.GetExtension(file) is ".pdf" or ".xlsx" or ".json" or ".xml");
        if (Path.GetFileName(folder) == Labelling.Reports)
        {
            files = files.Append(TrueReport.Transcription);
        }

        foreach (var file in files.OrderBy(Path.GetFileName, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file) + "\0"));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
