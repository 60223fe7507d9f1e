using System.Text.Json;

namespace Advisor.Benchmarks.Quality.Injection;

/// <summary>A text to be tried.</summary>
/// <param name="Family">As the data says what kind it is; its source where it does not.</param>
internal sealed record TriedText(string Id, string Family, string Text, bool IsAttack);

/// <summary>Attacks and look-alikes from <c>injection*.jsonl</c> and <c>benign*.jsonl</c>: an object with a <c>text</c> on every line.</summary>
internal static class InjectionData
{
    /// <param name="folder">The folder of the files, or the one that holds it as <c>injection</c>.</param>
    /// <param name="sample">So many of each, spread over the files; null for all.</param>
    /// <exception cref="BenchException">There are no such files, or one is malformed.</exception>
    public static IReadOnlyList<TriedText> Read(DirectoryInfo folder, int? sample)
    {
        var inner = Path.Combine(folder.FullName, "injection");
        var path = Directory.Exists(inner) ? inner : folder.FullName;
        if (!Directory.Exists(path))
        {
            throw new BenchException($"There is no folder {path}.");
        }

        var attacks = Texts(path, "injection*.jsonl", isAttack: true);
        var benign = Texts(path, "benign*.jsonl", isAttack: false);
        return attacks.Count == 0
            ? throw new BenchException($"There is no file injection*.jsonl with texts in {path}.")
            : [.. Spread(attacks, sample), .. Spread(benign, sample)];
    }

    private static List<TriedText> Texts(string folder, string pattern, bool isAttack)
    {
        var texts = new List<TriedText>();
        foreach (var file in Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal))
        {
            var number = 0;
            foreach (var line in File.ReadLines(file))
            {
                number++;
                if (string.IsNullOrWhiteSpace(line))
                {
                    continue;
                }

                try
                {
                    using var json = JsonDocument.Parse(line);
                    var item = json.RootElement;
                    texts.Add(new TriedText(
                        Member(item, "id") ?? $"{Path.GetFileNameWithoutExtension(file)}:{number}", Member(item, "kind") ?? Member(item, "source") ?? "", item.GetProperty("text").GetString()!, isAttack));
                }
                catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
                {
                    throw new BenchException($"Line {number} of {file} is no object with a 'text'.");
                }
            }
        }

        return texts;
    }

    private static IEnumerable<TriedText> Spread(List<TriedText> texts, int? sample) => sample is not { } most || most >= texts.Count
        ? texts
        : Enumerable.Range(0, most).Select(i => texts[(int)((long)i * texts.Count / most)]);

    private static string? Member(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
