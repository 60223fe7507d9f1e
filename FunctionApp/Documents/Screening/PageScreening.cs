using Advisor.Documents.Contracts;
using Advisor.Documents.Reading.Pages;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Screening;

namespace Advisor.Documents.Screening;

/// <summary>Looks for instructions in a PDF: the words of its pages, whatever their colour or size, and what it says of itself.</summary>
/// <remarks>
/// Words come in the reader's order, across lines and pages. Not seen: words inside pictures of pages that also have a text layer, notes that pop up,
/// attached files.
/// </remarks>
internal static class PageScreening
{
    public static async Task<IReadOnlyList<InstructionSighting>> LookAsync(IReadOnlyList<PageReading> pages, string file, CancellationToken cancellationToken)
    {
        var metadata = PdfMetadata.ReadAsync(file, cancellationToken);
        var onPages = OnPages(pages).ToList();
        return [.. onPages, .. (await metadata).SelectMany(entry => InstructionSighting.In(entry.Value, $"metadata:{entry.Name}"))];
    }

    public static IEnumerable<InstructionSighting> OnPages(IReadOnlyList<PageReading> pages)
    {
        var stream = new ScreenedStream<(int Page, Word Word)>();
        foreach (var page in pages)
        {
            var last = default(Word?);
            foreach (var word in page.Words)
            {
                var newLine = last is not { } before || word.Left < before.Left || word.Top > before.Bottom;
                stream.Add(word.Text, newLine ? '\n' : ' ', (page.Number, word));
                last = word;
            }
        }

        return stream.Sightings(Sighting);
    }

    private static InstructionSighting Sighting(InstructionFinding finding, IReadOnlyList<(int Page, Word Word)> words)
    {
        var page = words[0].Page;
        var there = words.Where(place => place.Page == page).Select(place => place.Word).ToList();
        return new InstructionSighting(finding.Family, finding.Excerpt, "page", page, new Box(
            Points(there.Min(word => word.Left)), Points(there.Min(word => word.Top)), Points(there.Max(word => word.Right)), Points(there.Max(word => word.Bottom))));
    }

    private static decimal Points(double value) => Math.Round((decimal)value, 2);
}
