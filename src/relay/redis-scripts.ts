/*
 * The fence is the id of an entry: `<epoch>-<seq>`, which Redis refuses where it is not above the last one. The
 * scripts only tell apart why, and publish what was added.
 */

/** The largest id there is: nothing can follow it. */
export const END_ID = '18446744073709551615-18446744073709551615';

/**
 * KEYS: the log. ARGV: epoch, seq, ttl, the channel, PUBLISH or SPUBLISH, whether the log is ended by force (1),
 * the payload of the end or '', then the payloads. @returns an `Appended`; see `toAppend` for the rules.
 */
export const APPEND: string = `
local log, epoch, seq, ending = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[7]
local isForced = ARGV[6] == '1'
local last = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
local lines, top = {last and last[1] or ''}, -1
if not last then
  if isForced or seq > 0 or epoch > 1 then return 'gone' end
elseif last[1] == '${END_ID}' then
  return (not isForced and ending ~= '' and last[2][2] == ending) and 'ok' or 'fenced'
elseif not isForced then
  local lastEpoch, lastSeq = string.match(last[1], '(%d+)-(%d+)')
  lastEpoch, lastSeq = tonumber(lastEpoch), tonumber(lastSeq)
  if lastEpoch > epoch then return 'fenced' end
  if lastEpoch < epoch then
    if seq > 0 then return 'gap' end
  else
    local isOther = #ARGV == 8
    if lastSeq == 0 then isOther = last[2][2] ~= ARGV[8] end
    if seq == 0 and isOther then return 'fenced' end
    if lastSeq < seq - 1 then return 'gap' end
    top = lastSeq
  end
end
for i = 8, #ARGV do
  local place = seq + i - 8
  if place > top then
    local id = ARGV[1] .. '-' .. string.format('%d', place)
    redis.call('XADD', log, id, 'e', ARGV[i])
    lines[#lines + 1] = id
    lines[#lines + 1] = ARGV[i]
  end
end
if ending ~= '' then
  redis.call('XADD', log, '${END_ID}', 'e', ending)
  lines[#lines + 1] = '${END_ID}'
  lines[#lines + 1] = ending
end
if seq == 0 or ending ~= '' then redis.call('PEXPIRE', log, ARGV[3]) end
if #lines > 1 then redis.call(ARGV[5], ARGV[4], table.concat(lines, '\\n')) end
return 'ok'
`;

/** KEYS: the lease, the log. ARGV: epoch, lease, ttl. @returns 1, or 0 where the log is another's, or gone. */
export const BEAT: string = `
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
if not last then return 0 end
if tonumber(string.match(last[1], '%d+')) > tonumber(ARGV[1]) then return 0 end
redis.call('PEXPIRE', KEYS[2], ARGV[3])
if tonumber(ARGV[2]) > 0 then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) else redis.call('DEL', KEYS[1]) end
return 1
`;
