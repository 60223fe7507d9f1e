using System.Buffers.Binary;
using System.Text;

namespace Advisor.Documents.Intake;

/// <summary>The directory of an OLE2 compound file: which streams it has, and whether their sectors are all there.</summary>
/// <remarks>MS-CFB 2.2 to 2.6. Every chain of sectors is followed with a bound, so a crafted file cannot loop.</remarks>
internal sealed class CompoundFile
{
    private const uint LastRegularSector = 0xFFFFFFFA;
    private const uint EndOfChain = 0xFFFFFFFE;
    private static readonly byte[] Magic = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    private readonly HashSet<string> _names;

    private CompoundFile(HashSet<string> names, bool isSound) => (_names, IsSound) = (names, isSound);

    /// <summary>Every stream of the directory ends within the file and no chain of sectors loops.</summary>
    public bool IsSound { get; }

    public static bool LooksLikeCompoundFile(ReadOnlySpan<byte> content) => content.StartsWith(Magic);

    /// <summary>Whether there is a stream or storage of this name, at any depth.</summary>
    public bool Has(string name) => _names.Contains(name);

    /// <summary>Null when the header or the directory itself is missing or malformed.</summary>
    public static CompoundFile? Read(ReadOnlySpan<byte> content)
    {
        if (content.Length < 1536)
        {
            return null;
        }

        var sectorShift = BinaryPrimitives.ReadUInt16LittleEndian(content[30..]);
        if (sectorShift is not (9 or 12))
        {
            return null;
        }

        var sectors = new Sectors(content, 1 << sectorShift);
        if (sectors.ReadAllocation() is not { } allocation)
        {
            return null;
        }

        var directory = sectors.Chain(allocation, BinaryPrimitives.ReadUInt32LittleEndian(content[48..]));
        var small = sectors.ReadTable(allocation, BinaryPrimitives.ReadUInt32LittleEndian(content[60..]));
        return directory is null || small is null ? null : ReadDirectory(sectors, allocation, small, directory);
    }

    private static CompoundFile ReadDirectory(Sectors sectors, uint[] allocation, uint[] small, List<uint> directory)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var sound = true;
        var steps = 0L;
        foreach (var sector in directory)
        {
            var data = sectors.At(sector);
            for (var offset = 0; offset + 128 <= data.Length; offset += 128)
            {
                var entry = data.Slice(offset, 128);
                var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(entry[64..]);
                var type = entry[66];
                if (type is not (1 or 2 or 5) || nameBytes is < 2 or > 64)
                {
                    continue;
                }

                names.Add(Encoding.Unicode.GetString(entry[..(nameBytes - 2)]));
                var size = BinaryPrimitives.ReadUInt32LittleEndian(entry[120..]);
                var first = BinaryPrimitives.ReadUInt32LittleEndian(entry[116..]);
                if (type == 1 || size == 0)
                {
                    continue;
                }

                // Streams under 4,096 bytes lie in 64-byte pieces inside the root entry's own stream.
                var isRegular = type == 5 || size >= 4096;
                var chain = isRegular ? sectors.Chain(allocation, first) : Sectors.Follow(small, first);
                sound &= chain is not null && (long)chain.Count * (isRegular ? sectors.Size : 64) >= size;

                // No two streams share a sector, so more steps than sectors means a crafted file.
                steps += chain?.Count ?? 0;
                if (steps > allocation.Length + small.Length)
                {
                    return new(names, isSound: false);
                }
            }
        }

        return new(names, sound);
    }

    private readonly ref struct Sectors(ReadOnlySpan<byte> content, int size)
    {
        private readonly ReadOnlySpan<byte> _content = content;

        public int Size { get; } = size;

        /// <summary>The sector's bytes; shorter than <see cref="Size"/> where the file ends, empty beyond.</summary>
        public ReadOnlySpan<byte> At(uint sector)
        {
            var start = (sector + 1L) * Size;
            return start >= _content.Length ? [] : _content.Slice((int)start, (int)Math.Min(Size, _content.Length - start));
        }

        /// <summary>The sector allocation table, put together from the header's list and its continuation.</summary>
        public uint[]? ReadAllocation()
        {
            var tables = new List<uint>();
            for (var offset = 76; offset < 512; offset += 4)
            {
                tables.Add(BinaryPrimitives.ReadUInt32LittleEndian(_content[offset..]));
            }

            var more = BinaryPrimitives.ReadUInt32LittleEndian(_content[68..]);
            var bound = (_content.Length / Size) + 1;
            for (var i = 0; more < LastRegularSector; i++)
            {
                var list = At(more);
                if (i > bound || list.Length < Size)
                {
                    return null;
                }

                for (var offset = 0; offset < Size - 4; offset += 4)
                {
                    tables.Add(BinaryPrimitives.ReadUInt32LittleEndian(list[offset..]));
                }

                more = BinaryPrimitives.ReadUInt32LittleEndian(list[(Size - 4)..]);
            }

            var allocation = new List<uint>();
            foreach (var table in tables)
            {
                if (table >= LastRegularSector)
                {
                    continue;
                }

                var data = At(table);
                if (data.Length < Size || allocation.Count > bound + (Size / 4))
                {
                    return null;
                }

                for (var offset = 0; offset < Size; offset += 4)
                {
                    allocation.Add(BinaryPrimitives.ReadUInt32LittleEndian(data[offset..]));
                }
            }

            return [.. allocation];
        }

        /// <summary>A table of sector numbers kept in a chain of sectors; empty where there is none, null when the chain is broken.</summary>
        public uint[]? ReadTable(uint[] allocation, uint first)
        {
            if (first >= LastRegularSector)
            {
                return [];
            }

            if (Chain(allocation, first) is not { } chain)
            {
                return null;
            }

            var table = new List<uint>(chain.Count * (Size / 4));
            foreach (var sector in chain)
            {
                var data = At(sector);
                for (var offset = 0; offset + 4 <= data.Length; offset += 4)
                {
                    table.Add(BinaryPrimitives.ReadUInt32LittleEndian(data[offset..]));
                }
            }

            return [.. table];
        }

        /// <summary>The sectors from <paramref name="first"/> on, or null when the chain loops or leaves the file.</summary>
        public List<uint>? Chain(uint[] allocation, uint first)
        {
            var chain = Follow(allocation, first);
            foreach (var sector in chain ?? [])
            {
                if (At(sector).IsEmpty)
                {
                    return null;
                }
            }

            return chain;
        }

        public static List<uint>? Follow(uint[] allocation, uint first)
        {
            var chain = new List<uint>();
            for (var sector = first; sector != EndOfChain; sector = allocation[sector])
            {
                if (sector >= allocation.Length || chain.Count > allocation.Length)
                {
                    return null;
                }

                chain.Add(sector);
            }

            return chain;
        }
    }
}
