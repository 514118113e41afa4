using ElfMmu.Paging;

namespace ElfMmu.Pictures;

/// <summary>What a space has in all.</summary>
internal sealed class ColumnFacts
{
    /// <summary>Adds up the mappings of a space. O(n).</summary>
    public ColumnFacts(Mapping[] mappings, Sharing[] sharing)
    {
        Mappings = mappings.Length;
        for (int i = 0; i < mappings.Length; i++)
        {
            Mapping mapping = mappings[i];
            Size += mapping.Size;
            UserSize += mapping.Attributes.User != Rights.None ? mapping.Size : 0;
            SharedSize += sharing[i] == Sharing.All ? mapping.Size : 0;
            if (!PictureRights.IsWriteExecute(mapping.Attributes))
            {
                continue;
            }

            WriteExecuteSize += mapping.Size;
            int key = PictureRights.Key(mapping.Attributes);
            if (i > 0 && PictureRights.AreOneArea(mappings[i - 1], mapping))
            {
                WriteExecuteAreas[^1] = WriteExecuteAreas[^1] with { Last = mapping.LastAddress };
            }
            else
            {
                WriteExecuteAreas.Add((mapping.VirtualAddress, mapping.LastAddress, key));
            }
        }
    }

    public int Mappings { get; }

    /// <summary>The bytes mapped.</summary>
    public UInt128 Size { get; }

    /// <summary>The bytes that a user can do anything with.</summary>
    public UInt128 UserSize { get; }

    /// <summary>The bytes in mappings that are shared as a whole.</summary>
    public UInt128 SharedSize { get; }

    /// <summary>The bytes that can be written and executed.</summary>
    public UInt128 WriteExecuteSize { get; }

    /// <summary>Where they are, in areas of equal rights.</summary>
    public List<(ulong First, ulong Last, int Key)> WriteExecuteAreas { get; } = [];
}
