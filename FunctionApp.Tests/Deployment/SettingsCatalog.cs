using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Advisor.Tests.Deployment;

/// <summary>A setting that the product reads.</summary>
/// <param name="Name"><c>Cache:Lifetime</c>; without the number of a list's item, <c>LanguageModels:Prices:0:Model</c> where the items have settings.</param>
/// <param name="Default">As it would be written; null where there is none or an empty one, and for lists.</param>
internal sealed record Setting(string Name, string? Default);

/// <summary>All settings of the options classes. A class's section is what its summary says: section <c>Cache</c>.</summary>
internal static partial class SettingsCatalog
{
    private static readonly Assembly s_product = typeof(Composition).Assembly;

    /// <summary>Sections that are there once for every dependency or tenant: <c>Resilience:{dependency}</c>.</summary>
    public static IReadOnlyList<string> RepeatedSections { get; } = [.. Sections().Values.Where(section => section.Contains('{')).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<Setting> All { get; } =
    [
        .. Sections().SelectMany(pair => SettingsOf(pair.Value, s_product.GetType(pair.Key, throwOnError: true)!))
            .DistinctBy(setting => setting.Name).OrderBy(setting => setting.Name, StringComparer.Ordinal),
    ];

    /// <summary>Options classes of the assembly whose summary names no section.</summary>
    public static IReadOnlyList<string> WithoutSection() =>
    [
        .. s_product.GetTypes().Where(type => type.IsPublic && type.Name.EndsWith("Options", StringComparison.Ordinal) && !Sections().ContainsKey(type.FullName!))
            .Select(type => type.FullName!),
    ];

    /// <summary>The top of each section, in lower case, for telling a setting of the product from one of the platform.</summary>
    public static IReadOnlySet<string> Roots { get; } = Sections().Values.Select(section => section.Split(':')[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<Setting> SettingsOf(string section, Type type)
    {
        var defaults = type.GetConstructor(Type.EmptyTypes) is { } constructor ? constructor.Invoke(null) : null;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = $"{section}:{property.Name}";
            var kind = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (IsScalar(kind))
            {
                if (property.CanWrite)
                {
                    yield return new Setting(name, Text(property.GetValue(defaults)));
                }
            }
            else if (!typeof(IDictionary).IsAssignableFrom(kind) && kind.GetInterfaces().Append(kind).FirstOrDefault(IsCollection) is { } collection)
            {
                var item = collection.GetGenericArguments()[0];
                if (IsScalar(item))
                {
                    yield return new Setting(name, null);
                }
                else
                {
                    foreach (var nested in SettingsOf($"{name}:0", item))
                    {
                        yield return nested with { Default = null };
                    }
                }
            }
            else if (kind.Name.EndsWith("Options", StringComparison.Ordinal))
            {
                foreach (var nested in SettingsOf(name, kind))
                {
                    yield return nested;
                }
            }
        }
    }

    private static bool IsCollection(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ICollection<>) && type.GetGenericArguments()[0] is { IsGenericType: false };

    private static bool IsScalar(Type type) => type == typeof(string) || type == typeof(Uri) || (type.IsValueType && TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string)));

    private static string? Text(object? value) => value switch
    {
        null or "" => null,
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static Dictionary<string, string> Sections()
    {
        var documentation = XDocument.Load(Path.ChangeExtension(s_product.Location, ".xml"));
        return documentation.Descendants("member")
            .Where(member => ((string)member.Attribute("name")!).StartsWith("T:", StringComparison.Ordinal))
            .Select(member => (Type: ((string)member.Attribute("name")!)[2..], Section: Section().Match(string.Concat(member.Element("summary")?.Nodes().Select(node => node.ToString()) ?? []))))
            .Where(pair => pair.Section.Success)
            .ToDictionary(pair => pair.Type, pair => pair.Section.Groups["section"].Value);
    }

    [GeneratedRegex(@"[Ss]ection <c>(?<section>[\w:{}]+)</c>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Section();
}
