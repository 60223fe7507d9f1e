using System.CommandLine.Parsing;
using Advisor.Kernel.Tenancy;

namespace Advisor.Embedded.Cli;

/// <summary>A tenant given on the command line.</summary>
internal static class TenantArgument
{
    /// <summary>The tenant; null, with the error said, when the text names none.</summary>
    public static TenantId? Parse(ArgumentResult result)
    {
        try
        {
            return new TenantId(result.Tokens[0].Value);
        }
        catch (ArgumentException fault)
        {
            result.AddError(fault.Message.Split(" (Parameter")[0]);
            return null;
        }
    }
}
