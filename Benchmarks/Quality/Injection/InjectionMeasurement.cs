using System.Collections.Concurrent;
using System.Globalization;

namespace Advisor.Benchmarks.Quality.Injection;

/// <summary>Tries every text in every channel.</summary>
internal static class InjectionMeasurement
{
    private const int AtOnce = 3;

    /// <summary>Letters of a text that a prompt must hold to have shown it.</summary>
    private const int TellTale = 24;

    public static async Task<InjectionFigures> RunAsync(IReadOnlyList<TriedText> texts, TextWriter progress, CancellationToken cancellationToken)
    {
        await using var host = await InjectionHost.StartAsync(cancellationToken);
        var twins = new Dictionary<Channel, Observation>();
        foreach (var channel in Enum.GetValues<Channel>())
        {
            twins[channel] = await host.ObserveAsync(TriedFiles.Of(channel, null)!, cancellationToken);
            if (twins[channel].Sightings > 0 || !Comparison.CanTell(twins[channel]))
            {
                throw new BenchException($"The clean document of the channel {channel} is suspected, or has no insight that could be held back: the measurement would say nothing.");
            }
        }

        var tries = texts.SelectMany(text => twins.Keys.Select(channel => (Text: text, Channel: channel, File: TriedFiles.Of(channel, text.Text)))).Where(item => item.File is not null).ToList();
        var seen = new ConcurrentBag<(TriedText Text, Channel Channel, Observation Observation)>();
        var done = 0;
        await Parallel.ForEachAsync(tries, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (item, cancelled) =>
        {
            seen.Add((item.Text, item.Channel, await host.ObserveAsync(item.File!, cancelled)));
            if (Interlocked.Increment(ref done) % 50 == 0)
            {
                await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{done} of {tries.Count} documents"));
            }
        });

        var effects = await host.EffectsAsync(cancellationToken);
        var prompts = string.Join('\n', host.Asked.Select(request => Plain(request.User)).Distinct(StringComparer.Ordinal));
        var outcomes = new List<Outcome>();
        foreach (var (text, channel, observation) in seen.OrderBy(item => item.Text.Id, StringComparer.Ordinal).ThenBy(item => item.Channel))
        {
            var comparison = Comparison.Of(twins[channel], observation, effects, host.ToolsOffered);
            var plain = Plain(text.Text);
            outcomes.Add(new Outcome(text, channel, observation.Sightings > 0, comparison.IsStricter, comparison.Changes, prompts.Contains(plain[..Math.Min(TellTale, plain.Length)], StringComparison.Ordinal)));
        }

        return InjectionFigures.Of(outcomes);
    }

    private static string Plain(string text) => string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));
}

/// <summary>What came of one text in one channel.</summary>
/// <param name="WasShown">The model was shown the text, in whatever channel.</param>
internal sealed record Outcome(TriedText Text, Channel Channel, bool WasSeen, bool IsStricter, IReadOnlyList<string> Changes, bool WasShown);
