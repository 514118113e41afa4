using System.Text;
using ElfMmu.Elf;

namespace ElfMmu.Tests.Images;

/// <summary>
/// A small ELF file: headers and a note in one page, code in the next, and data with a dynamic section that is loaded one page further on
/// than it is in the file, as linkers do it.
/// </summary>
internal sealed class TestElf
{
    public const string BuildId = "00112233445566778899aabbccddeeff01234567";
    public const string Name = "libtest.so.7";
    public const ulong Code = 0x1000;
    public const ulong Data = 0x3000;
    public const ulong DataOffset = 0x2000;
    public const ulong DataSize = 0x400;
    public const ulong DataMemory = 0x1800;
    public const ulong Entry = 0x1040;

    private const int NoteAt = 0x300;
    private const int StringsAt = 0x400;
    private const int SectionsAt = 0x2600;

    private readonly ElfClass _class;
    private readonly ElfData _data;
    private readonly ElfType _type;

    /// <param name="elfClass">The class.</param>
    /// <param name="data">The byte order.</param>
    /// <param name="type">e_type.</param>
    /// <param name="linked">The address it is linked for.</param>
    /// <param name="spoil">Changes a program header, by its index.</param>
    /// <param name="headersAt">Where the program headers stand in the file; 0 for behind the ELF header.</param>
    public TestElf(
        ElfClass elfClass = ElfClass.Elf64,
        ElfData data = ElfData.LittleEndian,
        ElfType type = ElfType.SharedObject,
        ulong linked = 0,
        Func<int, ElfProgramHeader, ElfProgramHeader>? spoil = null,
        int headersAt = 0)
    {
        (_class, _data, _type) = (elfClass, data, type);
        File = new byte[0x2800];
        for (int i = (int)Code; i < SectionsAt; i++)
        {
            File[i] = (byte)(0x90 ^ (i * 7) ^ (i >> 8));
        }

        byte[] note = new ElfNoteBuilder(data).Add("GNU", 3, Convert.FromHexString(BuildId)).ToArray();
        note.CopyTo(File, NoteAt);
        Encoding.ASCII.GetBytes("\0" + Name + "\0").CopyTo(File, StringsAt);
        byte[] dynamic = Words(14, 1, 5, linked + StringsAt, 10, 0x20, 0, 0);
        dynamic.CopyTo(File, (int)DataOffset);
        Segments =
        [
            new() { Type = ElfSegmentType.Load, Flags = ElfSegmentFlags.Read, VirtualAddress = linked, FileSize = 0x800, MemorySize = 0x800, Alignment = 4096 },
            new()
            {
                Type = ElfSegmentType.Load, Flags = ElfSegmentFlags.Read | ElfSegmentFlags.Execute, Offset = Code,
                VirtualAddress = linked + Code, FileSize = 0xf00, MemorySize = 0xf00, Alignment = 4096,
            },
            new()
            {
                Type = ElfSegmentType.Load, Flags = ElfSegmentFlags.Read | ElfSegmentFlags.Write, Offset = DataOffset,
                VirtualAddress = linked + Data, FileSize = DataSize, MemorySize = DataMemory, Alignment = 4096,
            },
            new()
            {
                Type = ElfSegmentType.Dynamic, Flags = ElfSegmentFlags.Read | ElfSegmentFlags.Write, Offset = DataOffset,
                VirtualAddress = linked + Data, FileSize = (ulong)dynamic.Length, MemorySize = (ulong)dynamic.Length, Alignment = 8,
            },
            new()
            {
                Type = ElfSegmentType.Note, Flags = ElfSegmentFlags.Read, Offset = NoteAt, VirtualAddress = linked + NoteAt,
                FileSize = (ulong)note.Length, MemorySize = (ulong)note.Length, Alignment = 4,
            },
        ];
        for (int i = 0; spoil != null && i < Segments.Length; i++)
        {
            Segments[i] = spoil(i, Segments[i]);
        }

        WriteHeaders(headersAt == 0 ? ElfEncoder.HeaderSize(elfClass) : headersAt, linked);
    }

    /// <summary>The file's bytes.</summary>
    public byte[] File { get; }

    public ElfProgramHeader[] Segments { get; }

    /// <summary>Puts it into a space as a loader does.</summary>
    public void Load(ImageSpace space, ulong bias, bool user = true, Func<Rights, Rights>? change = null)
    {
        foreach (ElfProgramHeader load in Segments.Where(s => s.Type == ElfSegmentType.Load))
        {
            Rights rights = (Rights)((uint)load.Flags & 7);
            byte[] bytes = new byte[load.MemorySize];
            File.AsSpan((int)load.Offset, (int)load.FileSize).CopyTo(bytes);
            space.Put(load.VirtualAddress + bias, bytes, change?.Invoke(rights) ?? rights, user);
        }
    }

    private void WriteHeaders(int headersAt, ulong linked)
    {
        ElfEncoder.WriteHeader(File, new ElfLayout
        {
            Class = _class,
            Data = _data,
            Type = _type,
            Machine = _class == ElfClass.Elf64 ? ElfMachine.AArch64 : ElfMachine.PowerPC,
            EntryPoint = linked + Entry,
            ProgramHeaderOffset = (ulong)headersAt,
            ProgramHeaderCount = (ulong)Segments.Length,
            SectionHeaderOffset = SectionsAt,
            SectionHeaderCount = 3,
            SectionNameIndex = 2,
        });
        int size = ElfEncoder.ProgramHeaderSize(_class);
        for (int i = 0; i < Segments.Length; i++)
        {
            ElfEncoder.WriteProgramHeader(File.AsSpan(headersAt + (i * size)), _class, _data, Segments[i]);
        }

        // Section 1 is the code, section 2 the names: sh_type stands 4 bytes into each header, in either class.
        int section = ElfEncoder.SectionHeaderSize(_class);
        Word(1, SectionsAt + section + 4);
        Word(3, SectionsAt + (2 * section) + 4);
    }

    private byte[] Words(params ulong[] values)
    {
        int size = _class == ElfClass.Elf64 ? 8 : 4;
        byte[] bytes = new byte[values.Length * size];
        for (int i = 0; i < values.Length; i++)
        {
            byte[] one = BitConverter.GetBytes(values[i])[..size];
            if (_data == ElfData.BigEndian)
            {
                Array.Reverse(one);
            }

            one.CopyTo(bytes, i * size);
        }

        return bytes;
    }

    private void Word(uint value, int at)
    {
        byte[] one = BitConverter.GetBytes(value);
        if (_data == ElfData.BigEndian)
        {
            Array.Reverse(one);
        }

        one.CopyTo(File, at);
    }
}
