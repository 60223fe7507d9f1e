using System.Collections.Frozen;

namespace Advisor.Kernel.Reasoning.Claims.Meaning;

/// <summary>The words that proposed prose may be made of, beside the names of the document's lines.</summary>
/// <remarks>
/// Closed on purpose. A list of forbidden words has a gap for every synonym ("cratered", "insolvent", "concealed"); what stands here says
/// nothing that <see cref="SentenceChecks"/> does not check, so a word that is not here says something nobody checked. The lists of refused words
/// below only give the refusal its reason.
/// </remarks>
public static class Vocabulary
{
    /// <summary>A direction and its words; 0 is no change.</summary>
    internal static readonly FrozenDictionary<string, int> Directions = Join(
        (1, "rose rise rises risen rising increased increase increases increasing grew grow grows grown growing growth climbed climb climbs climbing up higher larger greater widened widen widens widening expanded expand expands expanding"),
        (-1, "fell fall falls fallen falling decreased decrease decreases decreasing declined decline declines declining dropped drop drops dropping down lower smaller shrank shrink shrinks shrunk shrinking narrowed narrow narrows narrowing contracted contract contracts contracting reduction"),
        (0, "unchanged flat steady held constant"));

    /// <summary>Words that put one line over or under another.</summary>
    internal static readonly FrozenDictionary<string, int> Comparatives = Join(
        (1, "exceeded exceeds exceed exceeding above ahead"),
        (-1, "below behind"));

    internal static readonly FrozenSet<string> PrepositionsOfBase = Set("from against since versus than with");

    private static readonly FrozenSet<string> s_plain = Set(
        """
        the a an of in at for to from by and but while whereas against with compared comparing compares compare versus than during since between
        is was were are be been being has have had its it their them this that these those which
        stood stands came comes amounted amounts amount totalled totaled went moved changed change
        reported printed shown shows show
        company group business document report statement value figure level balance line item difference gap ratio share part portion
        sum total together combined times days compounded rate
        """);

    private static readonly FrozenSet<string> s_explanatory = Set(
        """
        how much what means mean says say tells tell measures measure measured describes describe reads read puts put
        money sales costs cost profit cash debts debt assets liabilities equity income
        goods products services
        size scale unit each other beside
        operations operating investment investments inventory
        """);

    private static readonly FrozenSet<string> s_causes = Set(
        """
        because due owing driven drives drive drove caused cause causes causing thanks reason reasons result results resulted resulting led leads leading
        reflecting reflects reflected reflect attributable attributed explains explained explain therefore hence thus consequently so as after following
        given amid stemming stems helped supported boosted fuelled fueled offset impacted affected
        """);

    private static readonly FrozenSet<string> s_addresses = Set(
        """
        you your yours we us our ours i my me please contact contacts call calls calling pay pays paying payment visit visits click transfer transfers wire send sends
        email mail write reply follow open download install buy sell invest approve approved release released ignore disregard forget act urgent urgently
        immediately must should shall let check see http https www com org link password account login confirm verify
        """);

    private static readonly FrozenSet<string> s_times = Set(
        """
        january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
        year years yearly annual annually quarter quarters quarterly month months monthly week weeks weekly day daily fiscal interim half
        today yesterday tomorrow now currently current recent recently latest previous previously prior earlier before later ago past future next fy
        """);

    private static readonly FrozenSet<string> s_unverifiable = Set(
        """
        not no never neither nor none nothing without hardly barely scarcely cannot isn wasn didn doesn all every always only any some many few several most least
        first last record best worst highest lowest largest smallest unprecedented historic ever more less over under nearly almost about around approximately roughly
        exactly sharply significantly substantially strongly slightly modestly dramatically materially considerably steadily rapidly strong weak weaker stronger healthy robust solid
        poor good bad excellent better worse improved improve improves improving improvement worsened worsen worsening deteriorated deterioration recovered recovery
        jumped jump surged surge soared plunged collapsed tumbled slumped slipped spiked doubled tripled halved twice double half
        likely probably possibly perhaps might could would will can expects expected expect forecast outlook suggests suggest indicates indicate implies signal signals
        sustainable unsustainable risky safe danger concern concerning worrying fraud manipulated misstated restated wrong false or if unless despite although though however except
        """);

    /// <summary>All words that a claim may use, in alphabetical order.</summary>
    public static IReadOnlyList<string> OfClaims { get; } = [.. s_plain.Concat(Directions.Keys).Concat(Comparatives.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Further words that an explanation may use, in alphabetical order.</summary>
    public static IReadOnlyList<string> OfExplanations { get; } = [.. s_explanatory.Except(OfClaims, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Whether a claim may use the word for itself.</summary>
    internal static bool Knows(string word) => s_plain.Contains(word) || Directions.ContainsKey(word) || Comparatives.ContainsKey(word);

    /// <summary>Why the word may not stand in a claim, or in an explanation; null when it may.</summary>
    internal static ClaimRejection? Judge(string word, bool explains)
    {
        if (Knows(word) || (explains && s_explanatory.Contains(word)))
        {
            return null;
        }

        var (code, why) = word switch
        {
            _ when s_causes.Contains(word) => ("causal_wording", "gives a cause, which figures cannot show"),
            _ when s_addresses.Contains(word) => ("addresses_reader", "speaks to the reader"),
            _ when s_times.Contains(word) => ("time_in_prose", "names a time; periods come by period()"),
            _ when s_unverifiable.Contains(word) => ("unverifiable_wording", "judges, bounds, denies or foretells, which nobody computed"),
            _ => ("unknown_wording", "is neither a name of a cited line nor a word that can be checked"),
        };
        return new ClaimRejection.Unsupported(code, $"'{word}' {why}.");
    }

    private static FrozenSet<string> Set(string words) => words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static FrozenDictionary<string, int> Join(params ReadOnlySpan<(int Sign, string Words)> lists)
    {
        var all = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (sign, words) in lists)
        {
            foreach (var word in Set(words))
            {
                all[word] = sign;
            }
        }

        return all.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
