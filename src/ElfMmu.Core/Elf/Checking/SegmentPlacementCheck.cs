namespace ElfMmu.Elf.Checking;

/// <summary>
/// The segments among one another: PT_LOADs in order and apart, the others within them, and each of those that there may be one of
/// (gABI, "Program Header"). O(segments · log segments).
/// </summary>
internal sealed class SegmentPlacementCheck : IElfCheck
{
    public void Check(ElfFile file, CancellationToken cancellation)
    {
        if (!CheckedFile.IsLinked(file))
        {
            return;
        }

        int[] loads = Loads(file);
        bool isDynamic = false;
        foreach (ElfProgramHeader segment in file.ProgramHeaders)
        {
            isDynamic |= segment.Type is ElfSegmentType.Dynamic or ElfSegmentType.Interpreter;
        }

        // Kernels and firmware have them in any order; a dynamic linker takes the first and the last for the ends.
        if (isDynamic)
        {
            CheckOrder(file, loads, cancellation);
        }

        int[] sorted = [.. loads.Where(i => file.ProgramHeaders[i].MemorySize > 0).OrderBy(i => file.ProgramHeaders[i].VirtualAddress)];
        CheckOverlap(file, sorted, cancellation);
        CheckSingles(file, loads, sorted, cancellation);
    }

    private static int[] Loads(ElfFile file)
    {
        List<int> loads = [];
        for (int i = 0; i < file.ProgramHeaders.Length; i++)
        {
            if (file.ProgramHeaders[i].Type == ElfSegmentType.Load)
            {
                loads.Add(i);
            }
        }

        return [.. loads];
    }

    private static void CheckOrder(ElfFile file, int[] loads, CancellationToken cancellation)
    {
        for (int i = 1; i < loads.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            ElfProgramHeader before = file.ProgramHeaders[loads[i - 1]];
            ElfProgramHeader segment = file.ProgramHeaders[loads[i]];
            if (segment.VirtualAddress < before.VirtualAddress)
            {
                file.Diagnostics.Add("SegmentOrder",
                    $"{CheckedFile.Segment(file, loads[i])} is at 0x{segment.VirtualAddress:x}, below the one before it at " +
                    $"0x{before.VirtualAddress:x}; PT_LOADs ought to be in the order of their addresses.",
                    segment.Offset);
            }
        }
    }

    private static void CheckOverlap(ElfFile file, int[] sorted, CancellationToken cancellation)
    {
        for (int i = 1; i < sorted.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            ElfProgramHeader before = file.ProgramHeaders[sorted[i - 1]];
            ElfProgramHeader segment = file.ProgramHeaders[sorted[i]];
            if (segment.VirtualAddress - before.VirtualAddress < before.MemorySize)
            {
                file.Diagnostics.Add("SegmentOverlap",
                    $"{CheckedFile.Segment(file, sorted[i])} at 0x{segment.VirtualAddress:x} lies in the memory of segment {sorted[i - 1]}, which " +
                    $"has 0x{before.MemorySize:x} bytes from 0x{before.VirtualAddress:x} on.",
                    segment.Offset);
            }
        }
    }

    private static void CheckSingles(ElfFile file, int[] loads, int[] sorted, CancellationToken cancellation)
    {
        var seen = new Dictionary<ElfSegmentType, int>();
        bool hasContent = !file.IsLoaded && !CheckedFile.IsCompanion(file);
        for (int i = 0; i < file.ProgramHeaders.Length; i++)
        {
            ElfProgramHeader segment = file.ProgramHeaders[i];
            if (segment.Type is not (ElfSegmentType.Interpreter or ElfSegmentType.Dynamic or ElfSegmentType.ProgramHeaderTable
                or ElfSegmentType.ThreadLocalStorage))
            {
            cancellation.ThrowIfCancellationRequested();
                continue;
            }

            if (!seen.TryAdd(segment.Type, i))
            {
                file.Diagnostics.Add("SegmentTwice",
                    $"{CheckedFile.Segment(file, i)} is one of a kind, and segment {seen[segment.Type]} is of that kind too.", segment.Offset);
            }

            if (segment.Type is ElfSegmentType.Interpreter or ElfSegmentType.ProgramHeaderTable && loads.Length > 0 && loads[0] < i)
            {
                file.Diagnostics.Add("SegmentOrder",
                    $"{CheckedFile.Segment(file, i)} ought to stand before every PT_LOAD, and segment {loads[0]} is one.", segment.Offset);
            }

            if (segment.Type != ElfSegmentType.ThreadLocalStorage && segment.MemorySize > 0 && !IsLoaded(file, sorted, segment))
            {
                file.Diagnostics.Add("SegmentNotLoaded",
                    $"{CheckedFile.Segment(file, i)} has 0x{segment.MemorySize:x} bytes from 0x{segment.VirtualAddress:x} on, which no PT_LOAD loads.",
                    segment.Offset);
            }

            if (hasContent && segment.Type == ElfSegmentType.Interpreter)
            {
                CheckEnd(file, i, segment);
            }
        }
    }

    private static bool IsLoaded(ElfFile file, int[] sorted, in ElfProgramHeader segment)
    {
        int low = 0;
        int high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (file.ProgramHeaders[sorted[middle]].VirtualAddress <= segment.VirtualAddress)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        if (low == 0)
        {
            return false;
        }

        ElfProgramHeader load = file.ProgramHeaders[sorted[low - 1]];
        ulong within = segment.VirtualAddress - load.VirtualAddress;
        return within < load.MemorySize && segment.MemorySize <= load.MemorySize - within;
    }

    private static void CheckEnd(ElfFile file, int index, in ElfProgramHeader segment)
    {
        if (segment.FileSize == 0 || segment.Offset > file.Input.Length || segment.FileSize > file.Input.Length - segment.Offset)
        {
            return;
        }

        Span<byte> last = stackalloc byte[1];
        file.Input.Read(segment.Offset + segment.FileSize - 1, last);
        if (last[0] != 0)
        {
            file.Diagnostics.Add("InterpreterEnd",
                $"{CheckedFile.Segment(file, index)} is a path that doesn't end with a NUL: its last byte at offset " +
                $"0x{segment.Offset + segment.FileSize - 1:x} is 0x{last[0]:x2}.",
                segment.Offset);
        }
    }
}
