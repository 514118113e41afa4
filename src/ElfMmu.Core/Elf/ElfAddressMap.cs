namespace ElfMmu.Elf;

/// <summary>Finds where in an input the bytes of virtual addresses are, by the PT_LOAD segments. Building is O(segments · log segments).</summary>
internal sealed class ElfAddressMap
{
    private readonly ulong[] _firsts;
    private readonly (ulong Size, ulong Offset)[] _pieces;

    /// <summary>Makes the map.</summary>
    /// <param name="file">The file.</param>
    /// <param name="bias">What is added to p_vaddr for an image in memory; null for a file, where p_offset says it.</param>
    public ElfAddressMap(ElfFile file, ulong? bias)
    {
        List<(ulong First, ulong Size, ulong Offset)> pieces = [];
        foreach (ElfProgramHeader segment in file.ProgramHeaders)
        {
            ulong offset = bias is { } added ? segment.VirtualAddress + added : segment.Offset;
            ulong size = bias is null ? segment.FileSize : segment.MemorySize;
            if (segment.Type == ElfSegmentType.Load && offset < file.Input.Length && size > 0)
            {
                pieces.Add((segment.VirtualAddress, Math.Min(size, file.Input.Length - offset), offset));
            }
        }

        pieces.Sort((a, b) => a.First.CompareTo(b.First));
        _firsts = [.. pieces.Select(p => p.First)];
        _pieces = [.. pieces.Select(p => (p.Size, p.Offset))];
    }

    public bool TryLocate(ulong address, out ulong offset, out ulong available)
    {
        int index = Array.BinarySearch(_firsts, address);
        index = index >= 0 ? index : ~index - 1;
        if (index >= 0 && address - _firsts[index] < _pieces[index].Size)
        {
            ulong within = address - _firsts[index];
            offset = _pieces[index].Offset + within;
            available = _pieces[index].Size - within;
            return true;
        }

        offset = available = 0;
        return false;
    }
}
