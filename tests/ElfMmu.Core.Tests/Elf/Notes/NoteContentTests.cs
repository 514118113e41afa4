using System.Buffers.Binary;
using System.Text;
using ElfMmu.Elf;
using ElfMmu.Elf.Notes;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf.Notes;

public sealed class NoteContentTests
{
    [Fact]
    public void Vmcoreinfo_is_a_dictionary()
    {
        ElfNoteItem note = One("VMCOREINFO", 0, "OSRELEASE=6.1.0\nSYMBOL(swapper_pg_dir)=ffffffff82a0a000\nNUMBER(phys_base)=-5\nno value\nKERNELOFFSET=\n\0"u8.ToArray());
        var values = Assert.IsAssignableFrom<IReadOnlyDictionary<string, string>>(note.Value);
        Assert.Equal(["OSRELEASE", "SYMBOL(swapper_pg_dir)", "NUMBER(phys_base)", "KERNELOFFSET"], values.Keys);
        Assert.Equal(("ffffffff82a0a000", "-5", ""), (values["SYMBOL(swapper_pg_dir)"], values["NUMBER(phys_base)"], values["KERNELOFFSET"]));
        Assert.Equal(("VMCOREINFO", "Linux 6.1.0, 4 values"), (note.TypeName, note.Text));
    }

    [Fact]
    public void Json_is_objects()
    {
        ElfNoteItem note = One("FOSSIL", 0xdeadc0de, """{"Architecture": "x86_64", "CPURegisters": {"cr3": 4096}, "Devices": [[1, 18446744073709551615], true]}"""u8.ToArray());
        var root = Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(note.Value);
        Assert.Equal("x86_64", root["Architecture"]);
        Assert.Equal(4096L, Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(root["CPURegisters"])["cr3"]);
        var devices = Assert.IsAssignableFrom<IReadOnlyList<object?>>(root["Devices"]);
        Assert.Equal([1L, ulong.MaxValue], Assert.IsAssignableFrom<IReadOnlyList<object?>>(devices[0]));
        Assert.Equal("FOSSIL", note.TypeName);
        Assert.Equal("not JSON {", One("FDO", 0xcafe1a7e, "not JSON {\0"u8.ToArray()).Value);
    }

    [Fact]
    public void Notes_of_qemu_have_registers()
    {
        ElfReader reader = RealCores.Open(RealCores.X64);
        ElfFile file = ElfFile.Open(reader.Input, new ElfFileSource("/core"));
        ElfNoteItem[] notes = [.. ElfNoteItems.Read(file)];
        var state = (QemuCpuState)notes.Single(n => n.Owner == "QEMU").Value!;
        Assert.Equal((1u, 0x10000ul, 0x80010011ul), (state.Version, state.Registers["cr3"], state.Registers["cr0"]));
        Assert.Equal("rip 0x1000002, cr0 0x80010011, cr3 0x10000, cr4 0xb0", notes.Single(n => n.Owner == "QEMU").Text);
        Assert.Equal(0x1000002ul, ((CoreThreadStatus)notes.First(n => n.TypeName == "NT_PRSTATUS").Value!).Registers["rip"]);
    }

    [Theory]
    [InlineData("Go", 4, "abc/def", "NT_GO_BUILDID", "abc/def")]
    [InlineData("GNU", 4, "gold 1.16", "NT_GNU_GOLD_VERSION", "gold 1.16")]
    [InlineData("Xen", 6, "linux\0", "XEN_ELFNOTE_GUEST_OS", "linux")]
    [InlineData("Linux", 0x100, "salt\0", "LINUX_ELFNOTE_BUILD_SALT", "salt")]
    [InlineData("Linux", 0, "\u0000\u0001\u0006\0", "LINUX_VERSION_CODE", "Linux 6.1.0")]
    [InlineData("FreeBSD", 1, "\u0020\u00d6\u0013\0", "NT_FREEBSD_ABI_TAG", "1300000")]
    [InlineData("NetBSD", 1, "\u0000\u00e9\u00a4\u0035", "NT_NETBSD_IDENT", "NetBSD 9.0.0")]
    [InlineData("Android", 1, "\u0015\0\0\0", "NT_ANDROID_TYPE_IDENT", "21")]
    [InlineData("OpenBSD", 1, "\0\0\0\0", "NT_OPENBSD_IDENT", "00000000")]
    [InlineData("nobody", 99, "\u00ff", "NT_0x63", "ff")]
    [InlineData("GNU", 5, "\u0002\0\0\u00c0\u0004\0\0\0\u0003\0\0\0\0\0\0\0", "NT_GNU_PROPERTY_TYPE_0", "x86 feature: IBT, SHSTK")]
    public void Owners_have_their_own_types(string owner, uint type, string content, string name, string text)
    {
        ElfNoteItem note = One(owner, type, Encoding.Latin1.GetBytes(content), ElfType.SharedObject);
        Assert.Equal((name, text), (note.TypeName, note.Text));
    }

    [Fact]
    public void A_process_of_16_bit_users_and_one_of_32_bit_ones()
    {
        byte[] large = new byte[128];
        BinaryPrimitives.WriteUInt32BigEndian(large.AsSpan(8), 70000);
        BinaryPrimitives.WriteUInt32BigEndian(large.AsSpan(12), 70001);
        BinaryPrimitives.WriteUInt32BigEndian(large.AsSpan(16), 77);
        "name"u8.CopyTo(large.AsSpan(32));
        "name -x"u8.CopyTo(large.AsSpan(48));
        byte[] notes = new ElfNoteBuilder(ElfData.BigEndian).Add("CORE", 3, large).ToArray();
        using ElfFile file = Open(new ElfBuilder(ElfClass.Elf32, ElfData.BigEndian, ElfMachine.PowerPC).Notes(notes).Build());
        var process = (CoreProcessInfo)ElfNoteItems.Read(file).Single().Value!;
        Assert.Equal((70000u, 70001u, 77, "name", "name -x"), (process.UserId, process.GroupId, process.ProcessId, process.FileName, process.Arguments));
    }

    [Theory]
    [InlineData(1, 15)]
    [InlineData(5, 7)]
    public void What_contradicts_itself_is_said_and_shown_as_bytes(uint type, int size)
    {
        byte[] notes = new ElfNoteBuilder(ElfData.LittleEndian).Add("GNU", type, new byte[size]).Add("GNU", 3, [0xab, 0xcd]).ToArray();
        using ElfFile file = Open(new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64) { Type = ElfType.SharedObject }.Notes(notes).Build());
        ElfNoteItem[] items = [.. ElfNoteItems.Read(file)];
        Assert.Null(items[0].Value);
        Assert.Equal("abcd", items[1].Value);
        Assert.Equal("NoteInvalid", Assert.Single(file.Diagnostics).Id);
    }

    [Fact]
    public void Claims_of_gigabytes_cost_nothing()
    {
        byte[] notes = [.. new ElfNoteBuilder(ElfData.LittleEndian).Add("GNU", 3, [1]).ToArray(), 4, 0, 0, 0, 0xf0, 0xff, 0xff, 0xff, 1, 0, 0, 0, .. "GNU\0"u8];
        byte[] bytes = new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64).Notes(notes)
            .Build((_, header) => header with { FileSize = 0xfffffff0 });
        using ElfFile file = Open(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("01", Assert.Single(ElfNoteItems.Read(file)).Value);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(["OutsideFile", "NotesDamaged"], file.Diagnostics.Select(d => d.Id));
    }

    [Fact]
    public void Thousands_of_segments_over_the_same_notes_are_read_a_few_times()
    {
        var notes = new ElfNoteBuilder(ElfData.LittleEndian);
        for (int i = 0; i < 20_000; i++)
        {
            notes.Add("GNU", 3, [1, 2, 3, 4]);
        }

        var builder = new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64).Notes(notes.ToArray());
        for (int i = 0; i < 60_000; i++)
        {
            builder.Notes([]);
        }

        byte[] bytes = builder.Build((_, header) => header with { Offset = 64 + (60_001 * 56), FileSize = (ulong)notes.Length });
        using ElfFile file = Open(bytes);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(20_000, ElfNoteItems.Read(file).Count());
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
        Assert.Contains(file.Diagnostics, d => d.Id == "NotesOverlap");
    }

    internal static ElfFile Open(byte[] bytes) => ElfFile.Open(new ElfMemoryInput(bytes), new ElfFileSource("/memory"));

    private static ElfNoteItem One(string owner, uint type, byte[] content, ElfType kind = ElfType.Core)
    {
        byte[] notes = new ElfNoteBuilder(ElfData.LittleEndian).Add(owner, type, content).ToArray();
        ElfFile file = Open(new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64) { Type = kind }.Notes(notes).Build());
        ElfNoteItem note = Assert.Single(ElfNoteItems.Read(file));
        Assert.Empty(file.Diagnostics);
        return note;
    }
}
