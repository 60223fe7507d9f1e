using System.Text.RegularExpressions;

namespace Advisor.Documents.Statements;

/// <summary>Brings a printed label into the form in which <see cref="MetricTable"/> compares it.</summary>
public static partial class MetricLabel
{
    /// <summary>
    /// Lower case; typographic apostrophes and dashes made plain; footnote marks, note references and the alternative signs of a
    /// caption ("(loss)", "(used in)") left out; single spaces; no trailing punctuation.
    /// </summary>
    public static string Normalise(string label)
    {
        var text = label.ToLowerInvariant().Replace('’', '\'').Replace('‘', '\'').Replace('—', '-').Replace('–', '-').Replace("&", "and");
        text = NoteReference().Replace(text, " ");
        text = Alternative().Replace(text, " ");
        text = Spaces().Replace(text, " ");
        return text.Trim(' ', '.', ':', ';', ',', '*', '-', '_', '…', '$');
    }

    [GeneratedRegex(@"\((\d{1,2}|[a-h]|(see )?notes? [^)]*)\)|\s+note \d+\w?$|[†‡*¹²³⁴⁵]+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex NoteReference();

    [GeneratedRegex(@"\s*/?\s*\(\s*(net )?(loss|losses|deficit|used in|used by|used for|used|provided by|provided|income|earnings|profit|expense|expenses|decrease|increase|gain|gains|benefit|benefit from|use|accumulated deficit|unaudited|restated|as restated)\s*\)\s*(?<slash>/)?|(?<=net income|net earnings|income|earnings|profit)/loss\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Alternative();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Spaces();
}
