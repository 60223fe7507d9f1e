using System.Collections.Concurrent;
using Advisor.Samples.Pdf;

namespace Advisor.Samples.Typesetting;

/// <summary>Finds the Liberation faces (SIL Open Font License) that the samples embed as subsets.</summary>
internal static class LiberationFonts
{
    private static readonly string[] Folders =
    [
        "/usr/share/fonts/truetype/liberation",
        "/usr/share/fonts/truetype/liberation2",
        "/usr/share/fonts/liberation-serif",
        "/usr/share/fonts/liberation-sans",
        "/usr/share/fonts/liberation-fonts",
        "/Library/Fonts",
        Environment.GetFolderPath(Environment.SpecialFolder.Fonts),
    ];

    private static readonly ConcurrentDictionary<string, TrueTypeFont> Loaded = new();

    /// <param name="name">As the file is called, without its ending: "LiberationSerif-Bold".</param>
    /// <exception cref="FileNotFoundException">No known folder holds the face; the message says what to install.</exception>
    public static TrueTypeFont Load(string name) => Loaded.GetOrAdd(name, static wanted => new TrueTypeFont(wanted, Read(wanted)));

    private static byte[] Read(string name)
    {
        string? path = Folders
            .Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, name + ".ttf"))
            .FirstOrDefault(File.Exists);
        return path is null
            ? throw new FileNotFoundException($"The font {name}.ttf is not installed. On Debian or Ubuntu: apt-get install fonts-liberation")
            : File.ReadAllBytes(path);
    }
}
