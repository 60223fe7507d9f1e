using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Screening;

namespace Advisor.Documents.Contracts;

/// <summary>A place in a document that reads as an instruction to whatever software reads it.</summary>
/// <param name="Place">What kind of place: <c>page</c>, <c>cell</c>, <c>comment</c>, <c>formula</c>, <c>number_format</c>, <c>sheet_name</c>, <c>file_name</c>, <c>company</c>, <c>metadata:title</c>, or a package's part.</param>
/// <param name="Excerpt">The tell-tale words of the screen's own grammar, all others left out.</param>
/// <param name="Page">From 1; null where it is not on a page.</param>
/// <param name="Box">Around the words on that page.</param>
/// <param name="Sheet">Null where it is not in a sheet.</param>
/// <param name="Cell">A1 address.</param>
public sealed record InstructionSighting(
    InstructionFamily Family, string Excerpt, string Place, int? Page = null, Box? Box = null, string? Sheet = null, string? Cell = null)
{
    public const string CompanyPlace = "company";

    /// <summary>What is seen in a text that has one place as a whole.</summary>
    public static IEnumerable<InstructionSighting> In(string? text, string place, string? sheet = null, string? cell = null) =>
        InstructionScreen.Look(text).Select(finding => new InstructionSighting(finding.Family, finding.Excerpt, place, Sheet: sheet, Cell: cell));

    /// <summary>The sightings of a document under the company that it now has, whose name anybody may have given.</summary>
    public static IReadOnlyList<InstructionSighting> Under(string? company, IReadOnlyList<InstructionSighting> known) =>
        [.. known.Where(sighting => sighting.Place != CompanyPlace), .. In(company, CompanyPlace)];
}
