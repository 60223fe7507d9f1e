using System.Security.Cryptography;
using System.Text;

namespace Advisor.Kernel.Records;

/// <summary>Ids that follow from what they name, so that doing a step twice names the same things.</summary>
public static class DeterministicId
{
    /// <summary>A UUID from the parts, by SHA-256, marked as version 8 (RFC 9562).</summary>
    public static string Of(params ReadOnlySpan<string> parts)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true).ToString();
    }
}
