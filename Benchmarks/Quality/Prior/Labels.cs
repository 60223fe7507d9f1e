using System.Text.Json.Serialization;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Reasoning;

namespace Advisor.Benchmarks.Quality.Prior;

/// <summary>What is known of a fact's truth.</summary>
/// <param name="Right">Null where the labels do not say.</param>
/// <param name="Kind">How it is wrong, or why it has no label; empty for a right one.</param>
internal sealed record Label(bool? Right, string Kind)
{
    public static Label IsRight { get; } = new(true, "");

    public static Label Wrong(string kind) => new(false, kind);

    public static Label None(string why) => new(null, why);

    /// <summary>Page as printed and scan do not agree, and it is not known which of them is wrong.</summary>
    public static Label Doubtful(string why) => new(null, why) { IsDoubtful = true };

    /// <summary>No label, but one that could have been wrong: the worst case counts it so.</summary>
    public bool IsDoubtful { get; private init; }
}

/// <summary>What a label rests on.</summary>
internal enum Truth
{
    /// <summary>A person wrote down what the page says: true cells of tables, figures of filings.</summary>
    ByHand,

    /// <summary>The product's own reading of the page as printed, for a scan of it. Where that errs, and the scan errs alike, a wrong fact counts as right.</summary>
    PageAsPrinted,

    /// <summary>The value of a workbook's cell, by an independent reader; label, metric, period and scale are not checked.</summary>
    WorkbookCell,
}

/// <summary>A fact as the product read and scored it, with its label. It is scored as a claim that cites it alone.</summary>
/// <param name="Set">The data set of its document.</param>
/// <param name="Document">The file it comes from, whatever was done to it: all conditions of one document are held out together, and all documents of one <paramref name="Filer"/>.</param>
/// <param name="Filer">Whose document it is; the document itself where that is not known.</param>
/// <param name="Condition">As printed, or how it was scanned.</param>
internal sealed record LabelledFact(string Set, string Document, string Filer, string Condition, Truth Truth, Fact Fact, Signals Signals, Score Raw, Label Label)
{
    [JsonIgnore]
    public Graded Graded => new(Raw, Label.Right!.Value);
}

/// <summary>A claim of the built-in analyst over labelled facts: right when every fact it cites is, wrong when one is wrong, and not known where one may be either.</summary>
internal sealed record LabelledClaim(string Set, string Document, string Filer, string Condition, Truth Truth, string Rule, string Text, Signals Signals, Score Raw, bool? Right);
