namespace Advisor.Kernel.Screening;

/// <summary>Lower-case letters that are drawn like Latin ones, after compatibility decomposition.</summary>
internal static class Homoglyphs
{
    private const string Cyrillic = "а=a б=b в=b г=r е=e ё=e з=3 і=i ї=i ј=j к=k м=m н=h о=o п=n р=p с=c т=t у=y х=x ѕ=s ԁ=d ԛ=q ԝ=w ь=b һ=h ѵ=v ӏ=l ү=y ғ=f ҫ=c ӕ=ae";
    private const string Greek = "α=a β=b γ=y ε=e ζ=z η=n ι=i κ=k μ=u ν=v ο=o ρ=p σ=o τ=t υ=u χ=x ω=w ϲ=c ϳ=j";
    private const string Other = "ı=i ȷ=j ɑ=a ɡ=g ɩ=i ʀ=r ʟ=l ɴ=n ʏ=y ʙ=b ɢ=g ʜ=h ᴀ=a ᴄ=c ᴅ=d ᴇ=e ꜰ=f ᴊ=j ᴋ=k ᴍ=m ᴏ=o ᴘ=p ꜱ=s ᴛ=t ᴜ=u ᴠ=v ᴡ=w ᴢ=z ɪ=i օ=o ս=u հ=h ո=n ք=p ց=g ſ=s ß=ss æ=ae œ=oe ø=o đ=d ħ=h ł=l ŧ=t þ=th ð=d";
    private const string Signs = "’=' ‘=' ‛=' ′=' ʼ=' ＇=' “=\" ”=\" „=\" ‟=\" «=\" »=\" ″=\" ‹=\" ›=\" –=- —=- ‐=- ‑=- ‒=- −=- ⁃=- ：=: ꞉=: ∶=: ⁄=/ ∕=/ 〈=< 〉=> ⟨=< ⟩=> ＜=< ＞=> 【=[ 】=]";

    private static readonly Dictionary<char, string> s_letters = string.Join(' ', Cyrillic, Greek, Other, Signs).Split(' ')
        .Select(pair => (Letter: pair[0], Plain: pair[2..])).DistinctBy(pair => pair.Letter).ToDictionary(pair => pair.Letter, pair => pair.Plain);

    /// <summary>What a letter looks like; empty when it is itself.</summary>
    public static string Fold(char letter) => letter < 128 ? "" : s_letters.GetValueOrDefault(letter, "");
}
