using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Advisor.Documents.Contracts;
using Advisor.Insights.Contracts;
using Advisor.Insights.Proposing;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Http;
using Advisor.Kernel.LanguageModels.Prompts;
using Advisor.Kernel.Reasoning.Chains;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Insights.Replaying;

public enum ReplayVerdict
{
    /// <summary>Every insight and every step of the chain came out byte for byte.</summary>
    Identical,
    Different,

    /// <summary>Something that it was computed from is not there any more.</summary>
    NotReplayable,
}

/// <summary>Something that came out differently.</summary>
/// <param name="What"><c>insights/{id}</c>, <c>steps/{number}</c> or <c>root_hash</c>.</param>
/// <param name="Members">The JSON members that differ; empty where one of the two is not there at all.</param>
/// <param name="Detail">What there is to say, for people.</param>
public sealed record ReplayDifference(string What, IReadOnlyList<string> Members, string Detail);

/// <summary>An insight that would go another way under another threshold.</summary>
public sealed record RouteChange(string InsightId, string Summary, decimal Confidence, Band Was, Band Would);

/// <param name="Notes">What a reader must know to judge the verdict.</param>
/// <param name="Insights">Compared.</param>
/// <param name="Steps">Compared.</param>
/// <param name="Threshold">The high threshold that routes were tried under; null where none was asked for.</param>
/// <param name="Routes">Those that would change; null without a threshold.</param>
public sealed record ReplayReport(
    string AnalysisId, ReplayVerdict Verdict, IReadOnlyList<string> Notes, int Insights, int Steps, string? RootHash,
    IReadOnlyList<ReplayDifference> Differences, decimal? Threshold, IReadOnlyList<RouteChange>? Routes);

/// <summary>Computes an analysis again from the stored findings and the recorded answers, with the code of today, and compares.</summary>
/// <remarks>
/// The facts are those of then: corrections that were made since are left out. Status, verdict and company of an insight are not compared: people, newer analyses and corrections change them after the fact. Durations are taken
/// from the recorded chain, for they are not computed. Nothing is stored and no model is called.
/// </remarks>
public sealed class AnalysisReplay(IRecordStore records, DocumentReadings readings, ModelAsking models, PromptLibrary prompts)
{
    public async Task<ReplayReport> RunAsync(TenantId tenant, AnalysisRecord analysis, decimal? threshold, CancellationToken cancellationToken)
    {
        if (await readings.FindAsOfAsync(tenant, analysis.DocumentId, analysis.Basis?.Corrections ?? [], cancellationToken) is not ({ } findings, _))
        {
            return Impossible(analysis, "Its document was deleted, and its facts with it; the chain's hashes still verify.");
        }

        if (analysis.Basis is not { } basis || analysis.ReasoningChainId is null
            || await records.FindAsync(ReasoningChains.Container, tenant, analysis.ReasoningChainId, cancellationToken) is not { Value: var chain })
        {
            return Impossible(analysis, "It was made before the settings of an analysis were kept.");
        }

        var answers = basis.ModelCall is null ? null : await models.RecordedAsync(tenant, analysis.Id, cancellationToken);
        if (basis.ModelCall is not null && answers is null)
        {
            return Impossible(analysis, "The recordings of its language model are deleted.");
        }

        var request = new AnalysisRequest(tenant, analysis.Id, analysis.RunId, analysis.IngestionId, analysis.DocumentId, analysis.AnalysisType) { Shadow = analysis.Shadow };
        findings = findings with { Company = basis.Company };
        var live = analysis.Shadow == true ? new LiveAnalysis(analysis.ComparedWith, analysis.ComparedWith is { } id ? await InsightsAsync(tenant, id, cancellationToken) : []) : null;
        AnalysisOutcome Again(RoutingTerms terms) => Reasoner.Reason(
            request, findings, terms, basis.MaxPerAnalysis, chain.Timestamp, answers, new StepClock(chain.Steps.Select(step => step.DurationMs)), live);

        var replayed = Again(basis.Terms);
        var recorded = live is null ? await InsightsAsync(tenant, analysis.Id, cancellationToken) : replayed.Insights;
        List<ReplayDifference> differences = [.. InsightDifferences(recorded, replayed.Insights), .. StepDifferences(chain, replayed.Chain), .. RecordingDifferences(answers)];
        var notes = new List<string>();
        if (AnalysisBasis.HashOf(findings) != basis.FindingsHash)
        {
            notes.Add("The document's facts have changed since: it was read again.");
        }

        if ((await readings.FindAsync(tenant, analysis.DocumentId, cancellationToken))?.Findings.Corrections is { } corrections && !corrections.SequenceEqual(basis.Corrections ?? []))
        {
            notes.Add("People have corrected facts of the document since; it was computed from the facts as they were then.");
        }

        if (basis.Analyst != Reasoner.ModelVersion)
        {
            notes.Add($"It was made by {basis.Analyst}; this is {Reasoner.ModelVersion}.");
        }

        return new ReplayReport(
            analysis.Id, differences.Count == 0 ? ReplayVerdict.Identical : ReplayVerdict.Different, notes, live is null ? replayed.Insights.Count : 0, replayed.Chain.Steps.Count, replayed.Chain.RootHash, differences,
            threshold, threshold is { } high ? Routes(replayed.Insights, Again(basis.Terms with { Bands = new BandPolicy(high, basis.MediumBand) }).Insights) : null);
    }

    private async Task<IReadOnlyList<InsightRecord>> InsightsAsync(TenantId tenant, string analysisId, CancellationToken cancellationToken) =>
        (await records.AllAsync(InsightRecord.Container, tenant, [new RecordFilter("analysis_id", RecordOperator.Equal, analysisId)], cancellationToken)).ConvertAll(item => item.Value);

    private static IEnumerable<ReplayDifference> InsightDifferences(IReadOnlyList<InsightRecord> recorded, IReadOnlyList<InsightRecord> replayed)
    {
        var open = recorded.ToDictionary(insight => insight.Id, StringComparer.Ordinal);
        // Claims that read alike are one insight: the store keeps the last.
        foreach (var insight in replayed.GroupBy(insight => insight.Id, StringComparer.Ordinal).Select(same => same.Last()))
        {
            if (!open.Remove(insight.Id, out var stored))
            {
                yield return new ReplayDifference($"insights/{insight.Id}", [], $"It is not stored: \"{insight.Summary}\"");
            }
            else if (Members(Comparable(stored), Comparable(insight)) is { Count: > 0 } members)
            {
                yield return new ReplayDifference($"insights/{insight.Id}", members, $"Stored and replayed differ: \"{insight.Summary}\"");
            }
        }

        foreach (var stored in open.Values.OrderBy(insight => insight.Rank))
        {
            yield return new ReplayDifference($"insights/{stored.Id}", [], $"It does not come out again: \"{stored.Summary}\"");
        }
    }

    /// <summary>The chain covers the hashes of what a model was shown and answered; the texts are held against the hashes here.</summary>
    private IEnumerable<ReplayDifference> RecordingDifferences(ModelAnswers? answers)
    {
        foreach (var recording in answers?.Exchange.Samples ?? [])
        {
            if (recording.Answer is { } answer && HashOf(answer) != recording.OutputHash)
            {
                yield return new ReplayDifference($"recordings/{recording.Id}", ["answer"], "The recorded answer is not the one whose hash the chain holds.");
            }

            // The chain holds which prompt it was; what the recording says of that is held against it, and so is the template.
            if (recording.Prompt != answers!.Question.Prompt)
            {
                yield return new ReplayDifference($"recordings/{recording.Id}", ["prompt"], "The recorded prompt is another version than the one that the chain holds.");
            }
            else if (prompts.Find(recording.Prompt.Name, recording.Prompt.Version) is not { } template || template.Hash != recording.Prompt.Hash)
            {
                yield return new ReplayDifference($"recordings/{recording.Id}", ["system", "user"], "The prompt's template is not there any more as it was: what the model was shown cannot be held against its hash.");
            }
            else if (HashOf($"{recording.System}\0{recording.User}\0{template.Schema}") != recording.PromptHash)
            {
                yield return new ReplayDifference($"recordings/{recording.Id}", ["system", "user"], "The recorded prompt is not the one whose hash the chain holds.");
            }

            if (recording.DocumentId != answers.Question.DocumentId)
            {
                yield return new ReplayDifference($"recordings/{recording.Id}", ["document_id"], "The recording is of another document.");
            }
        }
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static IEnumerable<ReplayDifference> StepDifferences(ReasoningChain recorded, ReasoningChain replayed)
    {
        for (var i = 0; i < Math.Max(recorded.Steps.Count, replayed.Steps.Count); i++)
        {
            var (before, after) = (recorded.Steps.ElementAtOrDefault(i), replayed.Steps.ElementAtOrDefault(i));
            if (before is null || after is null)
            {
                yield return new ReplayDifference($"steps/{i + 1}", [], $"Only {(before is null ? "the replay" : "the record")} has the step '{(before ?? after)!.Action}'.");
            }
            else if (before.Hash != after.Hash)
            {
                var members = Members(before, after).Where(member => member is not ("hash" or "previous_hash")).ToList();
                yield return new ReplayDifference($"steps/{i + 1}", members, members.Count == 0 ? "Only the steps before it differ." : $"'{before.Action}' came out differently.");
            }
        }

        if (recorded.RootHash != replayed.RootHash)
        {
            yield return new ReplayDifference("root_hash", [], $"{recorded.RootHash} is recorded, {replayed.RootHash} came out.");
        }
    }

    /// <summary>Names of the top-level members whose canonical bytes differ.</summary>
    private static List<string> Members<T>(T before, T after)
    {
        var (one, two) = (JsonSerializer.SerializeToElement(before, AdvisorJson.Options), JsonSerializer.SerializeToElement(after, AdvisorJson.Options));
        return [.. one.EnumerateObject().Concat(two.EnumerateObject()).Select(member => member.Name).Distinct(StringComparer.Ordinal)
            .Where(name => !Bytes(one, name).AsSpan().SequenceEqual(Bytes(two, name)))];

        static byte[] Bytes(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? CanonicalJson.Write(value) : [];
    }

    private static InsightRecord Comparable(InsightRecord insight) => insight with { Status = InsightStatus.InReview, CompanyId = null, CompanyName = null, Verdict = null, Sampled = false, ByScoreAlone = false };

    private static List<RouteChange> Routes(IReadOnlyList<InsightRecord> was, IReadOnlyList<InsightRecord> would) =>
    [
        .. from now in would
           join before in was on now.Id equals before.Id
           where now.Band != before.Band
           select new RouteChange(now.Id, now.Summary, now.ConfidenceScore, before.Band, now.Band),
    ];

    private static ReplayReport Impossible(AnalysisRecord analysis, string why) => new(analysis.Id, ReplayVerdict.NotReplayable, [why], 0, 0, null, [], null, null);
}
