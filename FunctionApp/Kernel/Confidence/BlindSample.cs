using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Advisor.Kernel.Confidence;

/// <summary>Which claims a person judges whatever their score: a coin that falls the same way each time it is thrown for a claim.</summary>
/// <remarks>The claim's score, kind or content play no part, so the chosen ones are like all others; whoever does not know the salt cannot tell which they will be.</remarks>
public static class BlindSample
{
    /// <summary>One in ten.</summary>
    public const decimal DefaultRate = 0.10m;

    /// <param name="id">The claim's id, fixed before its score is known.</param>
    /// <param name="salt">A secret of the tenant; with an empty one the choice can be foretold.</param>
    /// <param name="rate">Share of claims chosen, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is outside [0,1].</exception>
    public static bool Chooses(string id, string salt, decimal rate = DefaultRate)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(salt);
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rate, 1);
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(salt), Encoding.UTF8.GetBytes(id));
        return BinaryPrimitives.ReadUInt32BigEndian(hash) < rate * 4_294_967_296m;
    }
}
