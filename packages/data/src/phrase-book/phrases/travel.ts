import { words } from '../lexicon/word.ts'
import type { Word } from '../lexicon/word.ts'

/** On the way. */
export const travel: readonly Word[] = words(`
  请问，火车站在哪里？ | Excuse me, where is the train station?
  请问，洗手间在哪里？ | Excuse me, where is the bathroom?
  请问，地铁站在哪里？ | Excuse me, where is the subway station?
  我迷路了。 | I am lost.
  往左走。 | Go left.
  往右走。 | Go right.
  一直走。 | Go straight.
  在银行往左拐。 | Turn left at the bank.
  在学校往右拐。 | Turn right at the school.
  就在前面。 | It is right in front of you.
  就在图书馆旁边。 | It is right next to the library.
  离这里远吗？ | Is it far from here?
  离这里很近。 | It is very close to here.
  走路要多久？ | How long does it take on foot?
  走路要十分钟。 | It takes ten minutes on foot.
  我要去机场。 | I am going to the airport.
  去机场要多少钱？ | How much does it cost to go to the airport?
  我要买一张去北京的票。 | I want to buy a ticket to Beijing.
  我要买两张去上海的票。 | I want to buy two tickets to Shanghai.
  火车几点开？ | What time does the train leave?
  飞机几点到？ | What time does the plane arrive?
  火车晚点了。 | The train is late.
  我的护照丢了。 | My passport is lost.
  这是我的护照。 | This is my passport.
  这是我的票。 | This is my ticket.
  我想要一个房间。 | I would like a room.
  一个人，两个晚上。 | One person, two nights.
  房间有窗户吗？ | Does the room have a window?
  我的房间在哪里？ | Where is my room?
  你可以帮我拍照吗？ | Can you take a picture for me?
  你可以帮我吗？ | Can you help me?
  救命！ | Help!
  小心！ | Be careful!
  旅途愉快！ | Have a good trip!
  我在中国旅行。 | I am traveling in China.
  中国很大。 | China is very big.
  我爱北京。 | I love Beijing.
  火车站 | train station
  地铁站 | subway station
  机场 | airport
  酒店 | hotel
  银行 | bank
  图书馆 | library
  公园 | park
  医院 | hospital
`)
