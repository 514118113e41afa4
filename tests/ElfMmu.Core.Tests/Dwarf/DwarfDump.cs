using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dwarf;

/// <summary>What pyelftools reads out of debug information, as text that can be compared.</summary>
internal static class DwarfDump
{
    private const string Script = """
        import sys
        from elftools.elf.elffile import ELFFile

        def val(die, name):
            a = die.attributes.get(name)
            return None if a is None else a.value

        def name(die):
            v = val(die, 'DW_AT_name')
            return None if v is None else v.decode()

        def target(die):
            return die.get_DIE_from_attribute('DW_AT_type') if 'DW_AT_type' in die.attributes else None

        WORDS = {'DW_TAG_structure_type': 'struct', 'DW_TAG_union_type': 'union', 'DW_TAG_enumeration_type': 'enum'}
        QUALIFIERS = {'DW_TAG_const_type': 'const', 'DW_TAG_volatile_type': 'volatile', 'DW_TAG_restrict_type': 'restrict'}

        def text(die, inside=''):
            if die is None:
                return 'void' + inside
            tag = die.tag
            if tag == 'DW_TAG_pointer_type':
                return text(target(die), ' ptr' + inside)
            if tag in QUALIFIERS:
                # GCC qualifies an array of qualified elements once more.
                behind = target(die)
                while behind is not None and behind.tag in QUALIFIERS:
                    behind = target(behind)
                if behind is not None and behind.tag == 'DW_TAG_array_type':
                    return text(behind, inside)
                return text(target(die), ' ' + QUALIFIERS[tag] + inside)
            if tag == 'DW_TAG_array_type':
                dims = ''
                for c in die.iter_children():
                    u = val(c, 'DW_AT_upper_bound')
                    n = val(c, 'DW_AT_count')
                    dims += '[%s]' % ('' if u is None and n is None else n if u is None else u + 1)
                return text(target(die), ' array' + dims + inside)
            if tag == 'DW_TAG_subroutine_type':
                p = [text(target(c)) if c.tag == 'DW_TAG_formal_parameter' else '...' for c in die.iter_children()]
                return text(target(die), ' function(%s)' % ', '.join(p) + inside)
            if tag in WORDS:
                n = name(die)
                return WORDS[tag] + ' ' + (n if n else '{' + body(die) + '}') + inside
            return name(die) + ('=%d/%d' % (val(die, 'DW_AT_byte_size'), val(die, 'DW_AT_encoding')) if tag == 'DW_TAG_base_type' else '') + inside

        def body(die):
            if 'DW_AT_declaration' in die.attributes:
                return 'declared'
            out = ['size %d' % val(die, 'DW_AT_byte_size')]
            if die.tag == 'DW_TAG_enumeration_type':
                out.append('of ' + text(target(die)))
            for c in die.iter_children():
                if c.tag == 'DW_TAG_enumerator':
                    out.append('%s = %d' % (name(c), val(c, 'DW_AT_const_value')))
                elif c.tag == 'DW_TAG_member':
                    bits = val(c, 'DW_AT_bit_size')
                    if bits is None:
                        out.append('%s @%d: %s' % (name(c), val(c, 'DW_AT_data_member_location') or 0, text(target(c))))
                    else:
                        offset = val(c, 'DW_AT_data_bit_offset')
                        if offset is None:
                            # DWARF 3's way, which GCC keeps for unions: from the storage unit's most significant bit.
                            low = val(c, 'DW_AT_byte_size') * 8 - val(c, 'DW_AT_bit_offset') - bits
                            offset = (val(c, 'DW_AT_data_member_location') or 0) * 8 + low
                        out.append('%s @%d bits %d: %s' % (name(c), offset, bits, text(target(c))))
            return '; '.join(out)

        def walk(die):
            global count
            count += 1
            for c in die.iter_children():
                walk(c)

        lines, count = set(), 0
        with open(sys.argv[1], 'rb') as f:
            info = ELFFile(f).get_dwarf_info(relocate_dwarf_sections=True)
            for unit in info.iter_CUs():
                top = unit.get_top_DIE()
                walk(top)
                for die in top.iter_children():
                    if die.tag in WORDS and name(die):
                        lines.add('%s %s: %s' % (WORDS[die.tag], name(die), body(die)))
                    elif die.tag == 'DW_TAG_typedef':
                        lines.add('typedef %s: %s' % (name(die), text(target(die))))
                    elif len(sys.argv) > 2 and die.tag == 'DW_TAG_variable':
                        value = val(die, 'DW_AT_const_value')
                        lines.add('variable %s: %s%s' % (name(die), text(target(die)), '' if value is None else ' = %d' % value))
                    elif len(sys.argv) > 2 and die.tag == 'DW_TAG_subprogram':
                        p = ['%s %s' % (name(c), text(target(c))) for c in die.iter_children() if c.tag == 'DW_TAG_formal_parameter']
                        lines.add('function %s(%s): %s @%x+%x' % (name(die), ', '.join(p), text(target(die)),
                            val(die, 'DW_AT_low_pc'), val(die, 'DW_AT_high_pc') or 0))
        print('\n'.join(sorted(lines)))
        if len(sys.argv) > 2:
            print('entries %d' % count)
        """;

    /// <summary>The types of a file, one a line, sorted; with variables and functions if they are wanted.</summary>
    public static string[] Of(string path, bool withSymbols = false)
    {
        ToolResult result = Tools.Run(Tools.Python!, ["-c", Script, path, .. withSymbols ? ["all"] : Array.Empty<string>()]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Output.TrimEnd().Split('\n');
    }
}
