using System.Globalization;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Advisor.Kernel.Screening;

/// <summary>The grammar of instructions to a machine reader: classes of words of six languages, and rules over them, read from <c>instructions.yaml</c>.</summary>
/// <remarks>A rule that is strong is a finding by itself; weak ones make one when two of different kinds meet.</remarks>
internal sealed class InstructionGrammar
{
    private const string AnyWord = "*";
    private const string NumberWord = "~";
    private const string AddressWord = "@";

    private readonly Dictionary<string, int> _classes = new(StringComparer.Ordinal);
    private readonly List<GrammarRule> _rules = [];
    private readonly Dictionary<int, List<GrammarRule>> _byFirst = [];

    private InstructionGrammar(string version) => Version = version;

    /// <summary>The grammar shipped with the product.</summary>
    public static InstructionGrammar Default { get; } = Load();

    public string Version { get; }

    public Vocabulary Vocabulary { get; } = new();

    public IReadOnlyList<GrammarRule> Rules => _rules;

    /// <summary>Words after which an order still stands at the beginning: "please", "and", "must".</summary>
    public WordClasses Lead { get; private set; }

    /// <summary>The rules that may begin with a word of these classes.</summary>
    public IEnumerable<GrammarRule> From(WordClasses classes)
    {
        foreach (var number in classes.Numbers)
        {
            foreach (var rule in _byFirst.GetValueOrDefault(number) ?? [])
            {
                yield return rule;
            }
        }
    }

    /// <exception cref="FormatException">A rule is malformed, or names a class that is not there.</exception>
    public static InstructionGrammar Parse(string yaml)
    {
        var file = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<FileShape>(yaml);
        var grammar = new InstructionGrammar(file.Version);
        foreach (var name in file.Classes.Keys)
        {
            grammar.ClassOf(name);
        }

        foreach (var (name, entries) in file.Classes)
        {
            foreach (var entry in entries.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                grammar.Vocabulary.Add(string.Join(' ', FoldedText.Of(entry).Text.Replace("'", "", StringComparison.Ordinal).Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries)), grammar.Mask(name));
            }
        }

        grammar.Lead = grammar.Mask("lead");
        foreach (var (family, rules) in file.Rules)
        {
            foreach (var text in rules.Strong)
            {
                grammar.Add(Family(family), null, text);
            }

            foreach (var (kind, texts) in rules.Weak)
            {
                foreach (var text in texts)
                {
                    grammar.Add(Family(family), kind, text);
                }
            }
        }

        return grammar;
    }

    private void Add(InstructionFamily family, string? kind, string text)
    {
        var elements = new List<RuleElement>();
        var gap = 0;
        foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (int.TryParse(part, CultureInfo.InvariantCulture, out var number))
            {
                gap = number;
                continue;
            }

            elements.Add(Element(part, gap, text));
            gap = 0;
        }

        var rule = new GrammarRule(_rules.Count, family, kind, text, elements);
        _rules.Add(rule);
        foreach (var first in elements[0].Classes.Numbers)
        {
            (_byFirst.TryGetValue(first, out var known) ? known : _byFirst[first] = []).Add(rule);
        }
    }

    /// <summary>An element: marks before and after it, and its classes with bars between, and after a hyphen those that must not follow; <c>=word</c> is a class of one word.</summary>
    private RuleElement Element(string part, int gap, string rule)
    {
        var names = part.Trim('^', '#', '!', '<', '>', ':', '"', ',', '.');
        var before = part[..part.IndexOf(names, StringComparison.Ordinal)];
        var after = part[(before.Length + names.Length)..];
        var but = names.IndexOf('-');
        var wanted = (but < 0 ? names : names[..but]).Split('|');
        return new RuleElement(ClassesOf(wanted, rule), gap)
        {
            Any = wanted.Contains(AnyWord),
            Number = wanted.Contains(NumberWord),
            Address = wanted.Contains(AddressWord),
            Not = but < 0 ? default : ClassesOf(names[(but + 1)..].Split('|'), rule),
            Order = before.Contains('^'),
            Opening = before.Contains('#'),
            Clause = before.Contains('!'),
            Before = (before.Contains('"') ? Between.Quote : Between.None) | (before.Contains('<') ? Between.Open : Between.None),
            After = (after.Contains(':') ? Between.Colon : Between.None) | (after.Contains('>') ? Between.Close : Between.None) | (after.Contains('"') ? Between.Quote : Between.None) | (after.Contains(',') ? Between.Comma : Between.None) | (after.Contains('.') ? Between.Stop : Between.None),
        };
    }

    /// <summary>The classes named, and one that the single words make together.</summary>
    private WordClasses ClassesOf(string[] names, string rule)
    {
        var words = names.Where(name => name.StartsWith('=')).Order(StringComparer.Ordinal).ToList();
        var classes = words.Count == 0 ? default : WordClasses.Of(ClassOf(string.Join('|', words)));
        foreach (var word in words)
        {
            Vocabulary.Add(word[1..], classes);
        }

        foreach (var name in names.Except(words).Except([AnyWord, NumberWord, AddressWord]))
        {
            classes |= _classes.ContainsKey(name) ? Mask(name) : throw new FormatException($"The rule '{rule}' names '{name}', which is no class; a single word is written '={name}'.");
        }

        return classes;
    }

    private WordClasses Mask(string name) => WordClasses.Of(_classes[name]);

    private int ClassOf(string name)
    {
        if (!_classes.TryGetValue(name, out var number))
        {
            _classes[name] = number = _classes.Count < WordClasses.Most ? _classes.Count : throw new FormatException($"The grammar has more than {WordClasses.Most} classes.");
        }

        return number;
    }

    private static InstructionFamily Family(string name) => Enum.Parse<InstructionFamily>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    private static InstructionGrammar Load()
    {
        using var stream = typeof(InstructionGrammar).Assembly.GetManifestResourceStream("Advisor.Kernel.Screening.instructions.yaml")!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    // Filled by the deserializer.
    private sealed class FileShape
    {
        public string Version { get; set; } = "";

        public Dictionary<string, string> Classes { get; set; } = [];

        public Dictionary<string, RulesShape> Rules { get; set; } = [];
    }

    private sealed class RulesShape
    {
        public List<string> Strong { get; set; } = [];

        public Dictionary<string, List<string>> Weak { get; set; } = [];
    }
}
