using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace Advisor.Tests.Documents;

/// <summary>Skips a test whose system tool is not installed, with that reason.</summary>
public static class SystemTool
{
    public static void Require(string program, string package)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "-v") { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true });
            process!.WaitForExit();
        }
        catch (Win32Exception)
        {
            Assert.Skip($"The program '{program}' is not installed (package {package}).");
        }
    }
}
