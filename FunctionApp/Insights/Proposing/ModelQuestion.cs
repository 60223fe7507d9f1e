using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.Records;

namespace Advisor.Insights.Proposing;

/// <summary>What a model was asked for an analysis. It names parts of the document, so it goes with the document; what was shown to the letter is in the recordings of the call.</summary>
/// <param name="Id">The analysis.</param>
/// <param name="CallId">The call whose recordings are the answer.</param>
/// <param name="Facts">Ids of the facts shown.</param>
public sealed record ModelQuestion(
    string Id,
    string DocumentId,
    string CallId,
    PromptReference Prompt,
    string Model,
    IReadOnlyList<string> Facts,
    int FactsLeftOut,
    IReadOnlyList<ShownPassage> Passages,
    int PassagesLeftOut)
{
    public static RecordContainer<ModelQuestion> Container { get; } = new("model-questions") { Lookup = new RecordLookup(["document_id"], ["call_id"]) };
}

/// <summary>A passage that a model was shown.</summary>
/// <param name="Sha256">Of its text.</param>
public sealed record ShownPassage(string Section, int Page, string Sha256);
