using System.Text;
using Advisor.Documents.Contracts;
using Advisor.Kernel.Screening;

namespace Advisor.Documents.Screening;

/// <summary>Pieces of text that are looked at as one, so that an instruction cut in pieces is seen, and each of which knows its place.</summary>
/// <typeparam name="TPlace">Where a piece stands.</typeparam>
internal sealed class ScreenedStream<TPlace>
{
    private readonly StringBuilder _text = new();
    private readonly List<(int Start, TPlace Place)> _pieces = [];

    /// <param name="separator">Before the piece.</param>
    public void Add(string text, char? separator, TPlace place)
    {
        if (separator is { } sign && _text.Length > 0)
        {
            _text.Append(sign);
        }

        _pieces.Add((_text.Length, place));
        _text.Append(text);
    }

    /// <summary>The sightings, each made of a finding and the places that it stands over, in order.</summary>
    public IEnumerable<InstructionSighting> Sightings(Func<InstructionFinding, IReadOnlyList<TPlace>, InstructionSighting> at) =>
        InstructionScreen.Look(_text.ToString()).Select(finding => at(finding, Over(finding)));

    private List<TPlace> Over(InstructionFinding finding)
    {
        var first = _pieces.BinarySearch((finding.Start, default!), Comparer<(int Start, TPlace)>.Create((a, b) => a.Start.CompareTo(b.Start)));
        var places = new List<TPlace>();
        for (var i = Math.Max(0, first >= 0 ? first : ~first - 1); i < _pieces.Count && _pieces[i].Start < finding.Start + finding.Length; i++)
        {
            places.Add(_pieces[i].Place);
        }

        return places;
    }
}
