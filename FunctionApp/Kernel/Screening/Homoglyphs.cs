using System.Text;

namespace Advisor.Kernel.Screening;

/// <summary>What letters look like: those of other scripts that are drawn like Latin ones, and Latin ones in other dress.</summary>
/// <remarks>Tables of our own, since the product runs without the culture data that Unicode's compatibility decomposition needs. After <c>=</c>, all that look so.</remarks>
internal static class Homoglyphs
{
    private const string Accented = "a=àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ b=ḃḅḇ c=çćĉċčḉ d=ďḋḍḏḑḓ e=èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ f=ḟ g=ĝğġģǧǵḡ h=ĥȟḣḥḧḩḫẖ i=ìíîïĩīĭįǐȉȋḭḯỉị j=ĵǰ k=ķǩḱḳḵ l=ĺļľḷḹḻḽ m=ḿṁṃ n=ñńņňǹṅṇṉṋ o=òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ p=ṕṗ r=ŕŗřȑȓṙṛṝṟ s=śŝşšſșṡṣṥṧṩẛ t=ţťțṫṭṯṱẗ u=ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự v=ṽṿ w=ŵẁẃẅẇẉẘ x=ẋẍ y=ýÿŷȳẏẙỳỵỷỹ z=źżžẑẓẕ";
    private const string Small = "0=⁰₀ 1=₁ 2=₂ 3=₃ 4=⁴₄ 5=⁵₅ 6=⁶₆ 7=⁷₇ 8=⁸₈ 9=⁹₉ a=ᴬᵃₐ b=ᴮᵇℬ c=ℂℭ d=ᴰᵈⅅⅆ e=ᴱᵉₑℯℰⅇ f=ℱ g=ᴳᵍℊ h=ʰᴴₕℋℌℍℎ i=ᴵᵢⁱℐℑℹⅈ j=ʲᴶⅉ k=ᴷᵏₖ l=ˡᴸₗℒℓ m=ᴹᵐₘℳ n=ᴺⁿₙℕ o=ᴼᵒₒℴ p=ᴾᵖₚℙ q=ℚ r=ʳᴿᵣℛℜℝ s=ˢₛ t=ᵀᵗₜ u=ᵁᵘᵤ v=ᵛᵥ w=ʷᵂ x=ˣₓ y=ʸ z=ℤℨ";
    private const string Cyrillic = "a=а b=бвь r=г e=её 3=з i=ії j=ј k=к m=м h=нһ o=о n=п p=р c=сҫ t=т y=уү x=х s=ѕ d=ԁ q=ԛ w=ԝ v=ѵ l=ӏ f=ғ ae=ӕ";
    private const string Greek = "a=α b=β y=γ e=ε z=ζ n=η i=ι k=κ u=μυ v=ν o=οσ p=ρ t=τ x=χ w=ω c=ϲ j=ϳ";
    private const string Other = "i=ıɩɪ j=ȷᴊ a=ɑᴀ g=ɡɢց r=ʀ l=ʟł n=ɴո y=ʏ b=ʙ h=ʜհħ c=ᴄ d=ᴅđð e=ᴇ f=ꜰ k=ᴋ m=ᴍ o=ᴏօø p=ᴘք s=ꜱſ t=ᴛŧ u=ᴜս v=ᴠ w=ᴡ z=ᴢ ss=ß ae=æ oe=œ th=þ ff=ﬀ fi=ﬁ fl=ﬂ ffi=ﬃ ffl=ﬄ st=ﬅﬆ ij=ĳ";
    private const string Signs = "'=’‘‛′ʼ＇ \"=“”„‟«»″‹› -=–—‐‑‒−⁃ :=：꞉∶ /=⁄∕ <=〈⟨＜ >=〉⟩＞ [=【 ]=】";

    private static readonly Dictionary<char, string> s_letters = Table();

    /// <summary>What a lower-case letter or sign looks like, in ASCII; empty when it looks like itself.</summary>
    public static string Fold(Rune rune) => rune.Value switch
    {
        < 128 => "",
        // Letters and digits that only differ in dress stand in blocks, in the order of the alphabet.
        >= 0xFF01 and <= 0xFF5E => Lower(rune.Value - 0xFF01 + '!'),
        >= 0x24B6 and <= 0x24E9 => Letter((rune.Value - 0x24B6) % 26),
        >= 0x249C and <= 0x24B5 => Letter(rune.Value - 0x249C),
        >= 0x1D400 and <= 0x1D6A3 => Letter((rune.Value - 0x1D400) % 52 % 26),
        >= 0x1D7CE and <= 0x1D7FF => ((char)('0' + ((rune.Value - 0x1D7CE) % 10))).ToString(),
        >= 0x1F110 and <= 0x1F129 => Letter(rune.Value - 0x1F110),
        >= 0x1F130 and <= 0x1F149 => Letter(rune.Value - 0x1F130),
        >= 0x1F150 and <= 0x1F169 => Letter(rune.Value - 0x1F150),
        >= 0x1F170 and <= 0x1F189 => Letter(rune.Value - 0x1F170),
        <= char.MaxValue => s_letters.GetValueOrDefault((char)rune.Value, ""),
        _ => "",
    };

    private static string Letter(int number) => ((char)('a' + number)).ToString();

    private static string Lower(int letter) => char.ToLowerInvariant((char)letter).ToString();

    private static Dictionary<char, string> Table()
    {
        var letters = new Dictionary<char, string>();
        foreach (var entry in string.Join(' ', Accented, Small, Cyrillic, Greek, Other, Signs).Split(' '))
        {
            var equals = entry.IndexOf('=', 1);
            foreach (var letter in entry.AsSpan(equals + 1))
            {
                letters.TryAdd(letter, entry[..equals]);
            }
        }

        return letters;
    }
}
