using ElfMmu.Elf.Dynamic;

namespace ElfMmu.Elf.Details;

/// <summary>Finds out what a file is.</summary>
internal static class ElfKinds
{
    private const ulong PositionIndependent = 0x0800_0000;

    /// <summary>The kind. O(sections and dynamic entries).</summary>
    /// <param name="file">The file.</param>
    /// <param name="dynamic">Its dynamic section.</param>
    /// <param name="interpreter">The path in PT_INTERP.</param>
    public static ElfKind Of(ElfFile file, ElfDynamicTable? dynamic, string? interpreter)
    {
        bool isLoadedFor = interpreter != null || dynamic?.Find(ElfDynamicTags.Needed) != null;
        return file.Header.Type switch
        {
            ElfType.Core => ElfKind.Core,
            ElfType.Relocatable => IsKernelModule(file) ? ElfKind.KernelModule : ElfKind.Relocatable,
            ElfType.Executable => isLoadedFor ? ElfKind.Executable : ElfKind.StaticExecutable,
            ElfType.SharedObject when !IsProgram(dynamic, interpreter) => ElfKind.SharedLibrary,
            ElfType.SharedObject => isLoadedFor ? ElfKind.PositionIndependentExecutable : ElfKind.StaticPositionIndependentExecutable,
            _ => ElfKind.Unknown,
        };
    }

    /// <summary>
    /// Whether it is what <c>objcopy --only-keep-debug</c> leaves: of all that would be loaded only the notes have bytes. A file for <c>dwz</c>'s
    /// common parts has nothing that would be loaded, but debugging information. O(sections).
    /// </summary>
    public static bool IsDebugFile(ElfFile file)
    {
        bool hasLeftOut = false;
        bool hasLoaded = false;
        foreach (ElfSectionHeader section in file.SectionHeaders)
        {
            if ((section.Flags & ElfSectionFlags.Alloc) == 0 || section.Type is ElfSectionTypes.Null or ElfSectionTypes.Note)
            {
                continue;
            }

            if (section.Type != ElfSectionTypes.NoBits)
            {
                return false;
            }

            hasLoaded = true;
            hasLeftOut |= (section.Flags & ElfSectionFlags.Write) == 0;
        }

        return hasLeftOut || (!hasLoaded && HasDebugInformation(file));
    }

    /// <summary>Whether a section has debugging information: DWARF's, compressed or not, or stabs. O(sections and their names).</summary>
    public static bool HasDebugInformation(ElfFile file) => HasSection(file, name => name is ".debug_info" or ".zdebug_info" or ".stab");

    private static bool IsKernelModule(ElfFile file) => HasSection(file, name => name is ".modinfo" or ".gnu.linkonce.this_module");

    // Linkers from 2015 on say so. Older ones left a place for the debugger, as they do in programs only; an interpreter has libc.so.6 too.
    private static bool IsProgram(ElfDynamicTable? dynamic, string? interpreter) => dynamic != null
        && ((dynamic.Find(ElfDynamicTags.Flags1) & PositionIndependent) > 0 || (interpreter != null && dynamic.Find(ElfDynamicTags.Debug) != null));

    private static bool HasSection(ElfFile file, Func<string, bool> isIt)
    {
        for (int i = 1; i < file.SectionHeaders.Length; i++)
        {
            if (isIt(file.SectionName(i)))
            {
                return true;
            }
        }

        return false;
    }
}
